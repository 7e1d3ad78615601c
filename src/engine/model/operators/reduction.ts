import { group, type Operators } from '#engine/model/operators/operator.ts';
import { free, perInput, perOutput } from '#engine/model/rules/macs.ts';
import { kept, mixed } from '#engine/model/rules/positions.ts';

const common = { family: 'arithmetic', figure: 'other', positions: kept } as const;
const sum = group({ ...common, macs: perInput });
const running = group({ ...common, macs: perOutput, positions: mixed });
const choice = group({ ...common, macs: free });
/** It gives places or counts, not sizes. */
const finding = group({ ...common, family: 'other', macs: free, positions: mixed });

const operators: Operators = {
	Mean: sum('The mean over some axes.', {}),
	Sum: sum('The sum over some axes.', {}),
	Prod: sum('The product over some axes.', {}),
	EuclideanNorm: sum('The length of vectors: the root of the sum of squares.', {}),
	SparseSegmentMean: sum('Means of rows that are picked and grouped by index.', {}),
	SparseSegmentSum: sum('Sums of rows that are picked and grouped by index.', {}),
	Cumsum: running('Sums along an axis, with all sums on the way.', {}),
	Cumprod: running('Products along an axis, with all products on the way.', {}),
	Max: choice('The largest value over some axes.', {}),
	Min: choice('The smallest value over some axes.', {}),
	All: finding('Whether all values over some axes are true.', {}),
	Any: finding('Whether any value over some axes is true.', {}),
	ArgMax: finding('Where along an axis the largest value stands.', { head: 'choice' }),
	ArgMin: finding('Where along an axis the smallest value stands.', {}),
	TopKV2: finding('The largest values along the last axis, and where they stand.', {}),
	Unique: finding('Each value once, and where it stands.', {}),
	UniqueV2: finding('Each value once, and where it stands.', {}),
	Bincount: finding('Counts how often each whole number occurs.', {}),
	DenseBincount: finding('Counts how often each whole number occurs.', {})
};

export default operators;
