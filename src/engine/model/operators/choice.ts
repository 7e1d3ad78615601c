import { group, type Operators } from '#engine/model/operators/operator.ts';
import { free } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

const choice = group({ family: 'other', figure: 'other', macs: free, positions: kept });

const operators: Operators = {
	Select: choice('Takes from one input or the other, as a condition says.', {}),
	SelectV2: choice('Takes from one input or the other, as a condition says.', {}),
	Equal: choice('Whether two inputs are equal, number by number.', {}),
	NotEqual: choice('Whether two inputs differ, number by number.', {}),
	Greater: choice('Whether the first input is larger, number by number.', {}),
	GreaterEqual: choice('Whether the first input is at least as large, number by number.', {}),
	Less: choice('Whether the first input is smaller, number by number.', {}),
	LessEqual: choice('Whether the first input is at most as large, number by number.', {}),
	LogicalAnd: choice('Whether both inputs are true.', {}),
	LogicalOr: choice('Whether either input is true.', {}),
	LogicalNot: choice('Whether the input is false.', {}),
	BitwiseAnd: choice('The bits that both whole numbers have.', {}),
	IsFinite: choice('Whether numbers are finite.', {}),
	IsInf: choice('Whether numbers are infinite.', {}),
	IsNan: choice('Whether numbers are none.', {})
};

export default operators;
