import { DERIVED_INPUTS } from '#maths/playground/spec.ts';
import type { PlaygroundSpec } from '#maths/playground/spec.ts';
import { playground } from './playground.ts';

/** What TensorFlow Playground solves and does not solve, measured on its own code with 10 seeds each; for both trainers. */

type Changes = NonNullable<Parameters<typeof playground>[0]>;

/** Test loss of a solved task. */
export const SOLVED = 0.05;

export interface PlaygroundRow {
	name: string;
	changes: Changes;
	/** Epochs within which it is solved, or is not. */
	epochs: number;
	/** Seeds of ten that solve it at least; 0: none may, who solves it has leaked labels. */
	atLeast: number;
}

const spiral = { data: { kind: 'spiral' } } as const;
const deep = [8, 8, 8, 8, 8, 8];

export const ROWS = {
	page: { name: 'the page as it opens', changes: {}, epochs: 150, atLeast: 8 },
	gauss: {
		...{ name: 'gauss, no hidden layer', epochs: 3, atLeast: 10 },
		changes: { data: { kind: 'gauss' }, network: { hidden: [] } }
	},
	product: {
		...{ name: 'xor by its product', epochs: 3, atLeast: 10 },
		changes: { data: { kind: 'xor' }, network: { inputs: ['x1-x2'], hidden: [] } }
	},
	xor: { name: 'xor', changes: { data: { kind: 'xor' } }, epochs: 400, atLeast: 8 },
	four: {
		...{ name: 'xor, four neurons', epochs: 400, atLeast: 6 },
		changes: { data: { kind: 'xor' }, network: { hidden: [4] } }
	},
	three: { name: 'circle, three neurons', changes: { network: { hidden: [3] } }, epochs: 150, atLeast: 8 },
	squares: {
		...{ name: 'circle by its squares', epochs: 20, atLeast: 6 },
		changes: { network: { inputs: ['x1-squared', 'x2-squared'], hidden: [] } }
	},
	seven: {
		...{ name: 'spiral, all inputs, [8]', epochs: 1300, atLeast: 6 },
		changes: { ...spiral, network: { inputs: DERIVED_INPUTS, hidden: [8] } }
	},
	sevenDeep: {
		...{ name: 'spiral, all inputs, [8, 8]', epochs: 400, atLeast: 6 },
		changes: { ...spiral, network: { inputs: DERIVED_INPUTS, hidden: [8, 8] } }
	},
	noisy: {
		...{ name: 'spiral, noise 50', epochs: 300, atLeast: 0 },
		changes: { data: { kind: 'spiral', noise: 0.5 }, network: { inputs: DERIVED_INPUTS, hidden: [8, 8] } }
	},
	relu: {
		...{ name: 'spiral, three layers of ReLU', epochs: 1200, atLeast: 9 },
		changes: { ...spiral, network: { hidden: [8, 8, 8], activation: 'relu' } }
	},
	sines: {
		...{ name: 'spiral, with sines', epochs: 1600, atLeast: 9 },
		changes: { ...spiral, network: { inputs: ['x1', 'x2', 'sin-x1', 'sin-x2'], hidden: [8, 8] } }
	},
	linear: {
		...{ name: 'xor, no hidden layer', epochs: 200, atLeast: 0 },
		changes: { data: { kind: 'xor' }, network: { hidden: [] } }
	},
	two: {
		...{ name: 'xor, two neurons', epochs: 300, atLeast: 0 },
		changes: { data: { kind: 'xor' }, network: { hidden: [2] } }
	},
	narrow: { name: 'spiral, [4, 2]', changes: spiral, epochs: 3000, atLeast: 0 },
	shallow: { name: 'spiral, [8]', changes: { ...spiral, network: { hidden: [8] } }, epochs: 3000, atLeast: 0 },
	vanishing: {
		...{ name: 'spiral, six layers of sigmoid: gradients vanish', epochs: 150, atLeast: 0 },
		changes: { ...spiral, network: { hidden: deep, activation: 'sigmoid' } }
	},
	saturating: {
		...{ name: 'spiral, learning rate 3: saturates', epochs: 200, atLeast: 0 },
		changes: { ...spiral, network: { inputs: DERIVED_INPUTS, hidden: [8, 8] }, learning: { rate: 3 } }
	},
	dying: {
		...{ name: 'spiral, learning rate 1 with ReLU: dies', epochs: 200, atLeast: 0 },
		changes: {
			...spiral,
			network: { inputs: DERIVED_INPUTS, hidden: [8, 8], activation: 'relu' },
			learning: { rate: 1 }
		}
	}
} as const satisfies Record<string, PlaygroundRow>;

export const rowSpec = ({ changes }: PlaygroundRow, seed: number): PlaygroundSpec => playground({ ...changes, seed });
