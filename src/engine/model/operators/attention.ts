import { group, type Operators } from '#engine/model/operators/operator.ts';
import { additive, dotProduct, multiHead } from '#engine/model/rules/attention.ts';
import { uncounted } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

const attention = group({ family: 'weighted', figure: 'attention', positions: mixed, macs: uncounted });

const operators: Operators = {
	MultiHeadAttention: attention(
		'Each position gathers from the others, weighted by how well queries match keys, in several heads.',
		{ compute: multiHead }
	),
	GroupQueryAttention: attention('Attention in several heads, of which groups share their keys and values.', {
		compute: multiHead
	}),
	Attention: attention('Each query gathers values, weighted by its products with their keys.', {
		compute: dotProduct
	}),
	AdditiveAttention: attention('Each query gathers values, weighted by a learned function of query and key.', {
		compute: additive
	})
};

export default operators;
