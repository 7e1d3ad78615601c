import type * as tf from '#engine/tf.ts';
import { group, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { free } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

/** On tensors that stretch to one shape. */
const binary =
	(f: (tf: Kit, a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Compute =>
	([a, b], { tf }) =>
		f(tf, a as tf.Tensor, b as tf.Tensor);
const logical = (f: (tf: Kit, a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
	binary((tf, a, b) => f(tf, tf.cast(a, 'bool'), tf.cast(b, 'bool')));

const select: Compute = ([condition, a, b], { tf }) =>
	tf.where(tf.cast(condition as tf.Tensor, 'bool'), a as tf.Tensor, b as tf.Tensor);

const choice = group({ family: 'other', figure: 'other', macs: free, positions: kept });

const operators: Operators = {
	Select: choice('Takes from one input or the other, as a condition says.', { compute: select }),
	SelectV2: choice('Takes from one input or the other, as a condition says.', {}),
	Equal: choice('Whether two inputs are equal, number by number.', { compute: binary((tf, a, b) => tf.equal(a, b)) }),
	NotEqual: choice('Whether two inputs differ, number by number.', {
		compute: binary((tf, a, b) => tf.notEqual(a, b))
	}),
	Greater: choice('Whether the first input is larger, number by number.', {
		compute: binary((tf, a, b) => tf.greater(a, b))
	}),
	GreaterEqual: choice('Whether the first input is at least as large, number by number.', {
		compute: binary((tf, a, b) => tf.greaterEqual(a, b))
	}),
	Less: choice('Whether the first input is smaller, number by number.', {
		compute: binary((tf, a, b) => tf.less(a, b))
	}),
	LessEqual: choice('Whether the first input is at most as large, number by number.', {
		compute: binary((tf, a, b) => tf.lessEqual(a, b))
	}),
	LogicalAnd: choice('Whether both inputs are true.', { compute: logical((tf, a, b) => tf.logicalAnd(a, b)) }),
	LogicalOr: choice('Whether either input is true.', { compute: logical((tf, a, b) => tf.logicalOr(a, b)) }),
	LogicalNot: choice('Whether the input is false.', {
		compute: ([x], { tf }) => tf.logicalNot(tf.cast(x as tf.Tensor, 'bool'))
	}),
	BitwiseAnd: choice('The bits that both whole numbers have.', {}),
	IsFinite: choice('Whether numbers are finite.', {}),
	IsInf: choice('Whether numbers are infinite.', { compute: ([x], { tf }) => tf.isInf(x as tf.Tensor) }),
	IsNan: choice('Whether numbers are none.', { compute: ([x], { tf }) => tf.isNaN(x as tf.Tensor) })
};

export default operators;
