import { group, type Operators } from '#engine/model/operators/operator.ts';
import { free } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

const input = group({ family: 'input', figure: 'input', macs: free, positions: kept, result: 'identity' });

const operators: Operators = {
	Input: input('Where the model takes its input.', {}),
	Placeholder: input('Where the model takes an input.', {}),
	PlaceholderWithDefault: input('An input that has a value of its own where none is given.', {}),
	Const: input('A fixed tensor of the model.', {
		result: 'new',
		strip: 'hidden',
		compute: (_, { tf, weight }) => tf.clone(weight('value'))
	})
};

export default operators;
