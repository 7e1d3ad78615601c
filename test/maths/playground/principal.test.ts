import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { principalPoints, strongest } from '#maths/playground/principal.ts';
import { stream } from '#maths/random.ts';
import type { Table } from '#maths/playground/table.ts';
import { tableOf } from '../../tools/table.ts';

const near = (value: number): number => expect.closeTo(value, 9) as number;

function table(rows: readonly (readonly (string | number)[])[]): Table {
	const columns = rows[0]!.map((_, i) => `c${i}`);
	return tableOf([columns, ...rows].map((row) => row.join(',')).join('\n'));
}
function principal(...given: Parameters<typeof principalPoints>) {
	const found = principalPoints(...given);
	if (typeof found === 'string') throw new Error(found);
	return found;
}

describe('principal components of a table', () => {
	const random = stream(7, 'data');
	const rows = Array.from({ length: 80 }, (_, i) => {
		const [a, b] = [random.normal(), random.normal()];
		return [1000 * a, 5 + 0.01 * (a + 0.3 * b), b - 0.5 * a, 3, random.normal(), i % 2 ? 'x' : 'y'];
	});

	it('equal the singular vectors of the standardised columns, whatever their units; shares are told', () => {
		const columns = [0, 1, 2, 4];
		const found = principal(table(rows), columns, 5, 'classes');
		const values = columns.map((c) => rows.map((row) => Number(row[c])));
		const standard = values.map((column) => {
			const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
			const std = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length);
			return column.map((v) => (v - mean) / std);
		});
		const svd = new SingularValueDecomposition(new Matrix(standard).transpose());
		const all = svd.diagonal.reduce((sum, s) => sum + s * s, 0);
		for (const k of [0, 1] as const) {
			const component = found.components[k];
			expect(component.share).toBeCloseTo(svd.diagonal[k]! ** 2 / all, 10);
			const vector = svd.rightSingularVectors.getColumn(k);
			const sign = Math.sign(vector[0]! * component.loadings[0]!);
			expect(component.loadings).toEqual(vector.map((v) => near(v * sign)));
			expect(Math.max(...component.loadings)).toBe(Math.max(...component.loadings.map(Math.abs)));
			// The axis tells the scores again.
			const { scale, shift } = found.scalings[k];
			const shown = k === 0 ? found.points.x1 : found.points.x2;
			const scores = rows.map((_, i) =>
				standard.reduce((sum, column, c) => sum + column[i]! * component.loadings[c]!, 0)
			);
			expect([...shown].map((v) => v * scale + shift)).toEqual(scores.map(near));
			expect([Math.min(...shown), Math.max(...shown)]).toEqual([near(-5), near(5)]);
		}
		expect(strongest(found.components[0], ['a', 'b', 'c', 'd'], 2)[0]).toMatch(/^0\.\d\d [ab]$/);
	});

	it('leaves out what does not change and rows with gaps, and says when nothing is left', () => {
		const found = principal(table(rows), [0, 2, 3], 5, 'classes');
		expect(found.constant).toEqual([3]);
		expect(found.components.map(({ loadings }) => loadings[2])).toEqual([0, 0]);
		expect(found.components[0].share + found.components[1].share).toBeCloseTo(1, 10);
		const gap = principal(table([['', 1, 2, 3, 4, 'x'], ...rows]), [0, 1, 2], 5, 'classes');
		expect([gap.points.y.length, gap.left]).toEqual([80, { incomplete: 1, rare: 0 }]);
		expect(principalPoints(table(rows), [0, 3], 5, 'classes')).toMatch(/two columns must differ/);
		expect(principalPoints(table(rows.map((row) => [...row.slice(0, 5), 'x'])), [0, 1], 5, 'classes')).toMatch(
			/two different/
		);
		const far = rows.map((row, i) => [i ? 1e308 : -1e308, ...row.slice(1)]);
		expect(principalPoints(table(far), [0, 1, 2], 5, 'classes')).toMatch(/too far apart/);
	});
});
