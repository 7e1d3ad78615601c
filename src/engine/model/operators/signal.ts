import { group, type Operators } from '#engine/model/operators/operator.ts';
import { free, perOutput, uncounted } from '#engine/model/rules/macs.ts';
import { kept, mixed } from '#engine/model/rules/positions.ts';

/** Complex numbers and waves. */
const signal = group({ family: 'other', figure: 'other', positions: kept });

const wave = group({ family: 'other', figure: 'other', positions: mixed, macs: uncounted });

const operators: Operators = {
	Complex: signal('Puts real and imaginary parts together.', { macs: free }),
	Real: signal('The real part of complex numbers.', { macs: free }),
	Imag: signal('The imaginary part of complex numbers.', { macs: free }),
	ComplexAbs: signal('The length of complex numbers.', { macs: perOutput }),
	FFT: wave('The Fourier transform: a signal as a sum of waves.', {}),
	IFFT: wave('The inverse Fourier transform: a signal from its waves.', {}),
	RFFT: wave('The Fourier transform of real numbers.', {}),
	IRFFT: wave('The inverse Fourier transform to real numbers.', {})
};

export default operators;
