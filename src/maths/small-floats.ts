/** Floats of 4 to 8 bits (OCP 8-bit and microscaling formats, and their variants without infinity), by a table each. */

interface Layout {
	exponent: number;
	mantissa: number;
	bias: number;
	/**
	 * What the ends of the range mean: `ieee` infinities and NaN, `last` NaN at all ones only, `minus-zero` NaN in the place
	 * of −0 only, `none` numbers all through.
	 */
	ends: 'ieee' | 'last' | 'minus-zero' | 'none';
}

function tableOf({ exponent, mantissa, bias, ends }: Layout): Float32Array<ArrayBuffer> {
	const count = 2 ** (1 + exponent + mantissa);
	const [topExponent, topFraction] = [2 ** exponent - 1, 2 ** mantissa - 1];
	return Float32Array.from({ length: count }, (_, bits) => {
		const sign = bits >= count / 2 ? -1 : 1;
		const e = (bits >> mantissa) & topExponent;
		const fraction = bits & topFraction;
		if (ends === 'ieee' && e === topExponent) return fraction ? NaN : sign * Infinity;
		if (ends === 'last' && e === topExponent && fraction === topFraction) return NaN;
		if (ends === 'minus-zero' && bits === count / 2) return NaN;
		const part = fraction / 2 ** mantissa;
		return sign * (e ? (1 + part) * 2 ** (e - bias) : part * 2 ** (1 - bias));
	});
}

/** By the names that the field gives them; the value of each pattern of bits. */
export const SMALL_FLOATS: ReadonlyMap<string, Float32Array<ArrayBuffer>> = new Map([
	['float8_e5m2', tableOf({ exponent: 5, mantissa: 2, bias: 15, ends: 'ieee' })],
	['float8_e4m3fn', tableOf({ exponent: 4, mantissa: 3, bias: 7, ends: 'last' })],
	['float8_e5m2fnuz', tableOf({ exponent: 5, mantissa: 2, bias: 16, ends: 'minus-zero' })],
	['float8_e4m3fnuz', tableOf({ exponent: 4, mantissa: 3, bias: 8, ends: 'minus-zero' })],
	['float8_e8m0fnu', Float32Array.from({ length: 256 }, (_, bits) => (bits === 255 ? NaN : 2 ** (bits - 127)))],
	['float6_e2m3', tableOf({ exponent: 2, mantissa: 3, bias: 1, ends: 'none' })],
	['float6_e3m2', tableOf({ exponent: 3, mantissa: 2, bias: 3, ends: 'none' })],
	['float4_e2m1', tableOf({ exponent: 2, mantissa: 1, bias: 1, ends: 'none' })]
]);
