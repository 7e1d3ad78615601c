import { fastStream } from '#maths/random.ts';
import { onnxFile, type Attribute, type TensorValues } from './onnx-files.ts';

/** Known architectures with seeded weights, as PyTorch exports them in evaluation: normalisation folded into the weights. */

/** Grows a graph node by node; each method answers with the name of what it makes. */
class Writer {
	readonly nodes: { op: string; inputs: string[]; outputs: string[]; attributes: Record<string, Attribute> }[] = [];
	readonly constants: Record<string, TensorValues> = {};
	#random = fastStream(1, 'weights');

	add(op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
		const name = `${op.toLowerCase()}_${this.nodes.length}`;
		this.nodes.push({ op, inputs, outputs: [name], attributes });
		return name;
	}

	/** Uniform of the variance that keeps a ReLU network's (He et al. 2015). */
	weights(shape: readonly number[]): string {
		const name = `w${Object.keys(this.constants).length}`;
		const fanIn = shape.slice(1).reduce((product, n) => product * n, 1);
		const count = fanIn * shape[0]!;
		const range = Math.sqrt(6 / fanIn);
		this.constants[name] = {
			shape,
			values: Array.from({ length: count }, () => range * (2 * this.#random.uniform() - 1))
		};
		return name;
	}

	conv(from: string, [input, output]: readonly [number, number], side: number, stride = 1, group = 1): string {
		const pad = side >> 1;
		const bias = this.weights([output, 1]);
		this.constants[bias] = { ...this.constants[bias]!, shape: [output] };
		return this.add('Conv', [from, this.weights([output, input / group, side, side]), bias], {
			kernel_shape: [side, side],
			strides: [stride, stride],
			pads: [pad, pad, pad, pad],
			group
		});
	}

	relu6(from: string): string {
		this.constants['zero'] ??= { shape: [], values: [0] };
		this.constants['six'] ??= { shape: [], values: [6] };
		return this.add('Clip', [from, 'zero', 'six']);
	}

	/** Mean over the positions, then 1,000 scores. */
	classifier(from: string, channels: number): Uint8Array<ArrayBuffer> {
		const flat = this.add('Flatten', [this.add('GlobalAveragePool', [from])], { axis: 1 });
		const bias = this.weights([1000, 1]);
		this.constants[bias] = { ...this.constants[bias]!, shape: [1000] };
		const scores = this.add('Gemm', [flat, this.weights([1000, channels]), bias], { transB: 1 });
		return onnxFile({
			nodes: this.nodes,
			constants: this.constants,
			inputs: { input: { shape: ['N', 3, 224, 224] } },
			outputs: [scores],
			producer: 'pytorch'
		});
	}
}

/** 3.5 million weights, 300 million multiply-adds (Sandler et al. 2018, table 2). */
export function mobileNetV2(): Uint8Array<ArrayBuffer> {
	const w = new Writer();
	let x = w.relu6(w.conv('input', [3, 32], 3, 2));
	let channels = 32;
	for (const [expansion, output, repeats, stride] of [
		[1, 16, 1, 1],
		[6, 24, 2, 2],
		[6, 32, 3, 2],
		[6, 64, 4, 2],
		[6, 96, 3, 1],
		[6, 160, 3, 2],
		[6, 320, 1, 1]
	] as const)
		for (let i = 0; i < repeats; i++) {
			const wide = channels * expansion;
			const open = expansion > 1 ? w.relu6(w.conv(x, [channels, wide], 1)) : x;
			const deep = w.relu6(w.conv(open, [wide, wide], 3, i ? 1 : stride, wide));
			const narrow = w.conv(deep, [wide, output], 1);
			x = i ? w.add('Add', [x, narrow]) : narrow;
			channels = output;
		}
	return w.classifier(w.relu6(w.conv(x, [channels, 1280], 1)), 1280);
}

/** 11.7 million weights, 1.8 billion multiply-adds (He et al. 2016, table 1). */
export function resNet18(): Uint8Array<ArrayBuffer> {
	const w = new Writer();
	let x = w.add('Relu', [w.conv('input', [3, 64], 7, 2)]);
	x = w.add('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
	let channels = 64;
	for (const output of [64, 128, 256, 512])
		for (const i of [0, 1]) {
			const stride = i || output === 64 ? 1 : 2;
			const inner = w.add('Relu', [w.conv(x, [channels, output], 3, stride)]);
			const branch = w.conv(inner, [output, output], 3);
			const skip = channels === output ? x : w.conv(x, [channels, output], 1, stride);
			x = w.add('Relu', [w.add('Add', [branch, skip])]);
			channels = output;
		}
	return w.classifier(x, channels);
}
