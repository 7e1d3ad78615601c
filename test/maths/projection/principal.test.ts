import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { principal } from '#maths/projection/principal.ts';
import { finish } from '#maths/projection/rows.ts';
import { expectClose } from '../../close.ts';
import { gaussianMixture } from '../../tools/mixture.ts';

describe('principal components', () => {
	it.each([
		[gaussianMixture(300, { width: 20 }), 3],
		[gaussianMixture(150, { width: 300, rank: 4, clusters: 4 }), 3],
		[gaussianMixture(5, { width: 250, rank: 3 }), 2]
	] as const)('are those of the singular value decomposition (%#)', (data, components) => {
		const { count, width, values } = data;
		const found = finish(principal(data, components, 1));
		const centred = Matrix.from1DArray(count, width, values).center('column');
		const { diagonal, rightSingularVectors } = new SingularValueDecomposition(centred, { autoTranspose: true });
		const variances = diagonal.map((value) => value ** 2 / (count - 1));
		expectClose({ data: found.variances }, { data: variances.slice(0, components) }, { rtol: 1e-6 });
		expectClose({ data: [found.total] }, { data: [variances.reduce((a, b) => a + b)] }, { rtol: 1e-6 });
		for (let a = 0; a < components; a++) {
			const own = Array.from({ length: width }, (_, c) => found.axes[c * components + a]!);
			const dot = own.reduce((sum, x, c) => sum + x * rightSingularVectors.get(c, a), 0);
			expect(Math.abs(dot)).toBeGreaterThan(1 - 1e-5);
			expect(Math.max(...own)).toBeGreaterThanOrEqual(-Math.min(...own));
		}
	});
});
