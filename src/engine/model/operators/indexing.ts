import { group, type Operators } from '#engine/model/operators/operator.ts';
import { free } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

const indexed = group({ family: 'other', figure: 'other', macs: free, positions: mixed });

const operators: Operators = {
	Gather: indexed('Picks slices by index.', {}),
	GatherNd: indexed('Picks values by their coordinates.', {}),
	ScatterNd: indexed('Puts values at coordinates, with zeros elsewhere.', {}),
	TensorScatterUpdate: indexed('Replaces values at coordinates.', {}),
	SparseToDense: indexed('Puts listed values at coordinates of a full tensor.', {}),
	SparseReshape: indexed('Arranges a sparse tensor in another shape.', {}),
	SparseFillEmptyRows: indexed('Gives empty rows of a sparse tensor a value.', {}),
	LowerBound: indexed('Where in a sorted row a value would go in, at the first place.', {}),
	UpperBound: indexed('Where in a sorted row a value would go in, at the last place.', {}),
	OneHot: indexed('A row per index, with one at its place and zeros elsewhere.', {}),
	CategoryEncoding: indexed('Turns indices into rows of ones and zeros, or of counts.', {})
};

export default operators;
