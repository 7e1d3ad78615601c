/**
 * TensorFlow Playground's way of training (nn.ts at 02469bd), written anew with its objects: a node for each neuron, a
 * link for each weight, one sample at a time. To measure against, and as a second opinion on the equations.
 */

interface Link {
	source: Node;
	weight: number;
	slope: number;
}

interface Node {
	links: Link[];
	outgoing: { link: Link; node: Node }[];
	bias: number;
	sum: number;
	output: number;
	outputSlope: number;
	inputSlope: number;
	biasSlope: number;
}

interface Activation {
	output(x: number): number;
	slope(x: number): number;
}

const tanh: Activation = { output: (x) => Math.tanh(x), slope: (x) => 1 - Math.tanh(x) ** 2 };

const node = (): Node => ({
	links: [],
	outgoing: [],
	bias: 0.1,
	sum: 0,
	output: 0,
	outputSlope: 0,
	inputSlope: 0,
	biasSlope: 0
});

export class ObjectNetwork {
	readonly layers: Node[][];
	private accumulated = 0;

	/** @param parameters by `networkLayout`: a unit's weights, then the next one's; then the biases */
	constructor(sizes: readonly number[], parameters: ArrayLike<number>) {
		this.layers = sizes.map((units) => Array.from({ length: units }, node));
		let index = 0;
		for (const [l, layer] of this.layers.entries()) {
			if (l === 0) continue;
			for (const target of layer)
				for (const source of this.layers[l - 1]!) {
					const link = { source, weight: parameters[index++]!, slope: 0 };
					target.links.push(link);
					source.outgoing.push({ link, node: target });
				}
			for (const target of layer) target.bias = parameters[index++]!;
		}
	}

	parameters(): number[] {
		return this.layers
			.slice(1)
			.flatMap((layer) => [
				...layer.flatMap(({ links }) => links.map(({ weight }) => weight)),
				...layer.map(({ bias }) => bias)
			]);
	}

	forward(inputs: readonly number[]): number {
		for (const [i, input] of this.layers[0]!.entries()) input.output = inputs[i]!;
		for (const layer of this.layers.slice(1))
			for (const unit of layer) {
				unit.sum = unit.bias;
				for (const { source, weight } of unit.links) unit.sum += weight * source.output;
				unit.output = tanh.output(unit.sum);
			}
		return this.layers.at(-1)![0]!.output;
	}

	backward(target: number): void {
		const output = this.layers.at(-1)![0]!;
		output.outputSlope = output.output - target;
		for (let l = this.layers.length - 1; l > 0; l--) {
			for (const unit of this.layers[l]!) {
				unit.inputSlope = unit.outputSlope * tanh.slope(unit.sum);
				unit.biasSlope += unit.inputSlope;
				for (const link of unit.links) link.slope += unit.inputSlope * link.source.output;
			}
			if (l > 1)
				for (const unit of this.layers[l - 1]!) {
					unit.outputSlope = 0;
					for (const { link, node } of unit.outgoing) unit.outputSlope += link.weight * node.inputSlope;
				}
		}
		this.accumulated++;
	}

	update(rate: number): void {
		for (const layer of this.layers.slice(1))
			for (const unit of layer) {
				unit.bias -= (rate * unit.biasSlope) / this.accumulated;
				unit.biasSlope = 0;
				for (const link of unit.links) {
					link.weight -= (rate / this.accumulated) * link.slope;
					link.slope = 0;
				}
			}
		this.accumulated = 0;
	}
}
