import type { Graph, GraphNode, Shape } from '#contracts/graph.ts';
import { traitsOf } from '#engine/model/operators/index.ts';

/** Graphs as data alone, without weights behind them. */
export function node(id: string, type: string, inputs: readonly string[], change: Partial<GraphNode> = {}): GraphNode {
	return { id, type, inputs, attributes: {}, shape: [null, 8], dtype: 'float32', weights: [], group: [], ...change };
}

export function graph(nodes: readonly GraphNode[]): Graph {
	const read = new Set(nodes.flatMap(({ inputs }) => inputs));
	return {
		nodes,
		inputs: nodes.filter(({ type }) => type === 'Input').map(({ id }) => id),
		outputs: nodes.filter(({ id }) => !read.has(id)).map(({ id }) => id),
		operators: traitsOf(nodes)
	};
}

/** MobileNetV1 (Howard et al. 2017, table 1): strides and output channels of its thirteen separable blocks. */
const BLOCKS: readonly [stride: number, channels: number][] = [
	[1, 64],
	[2, 128],
	[1, 128],
	[2, 256],
	[1, 256],
	[2, 512],
	[1, 512],
	[1, 512],
	[1, 512],
	[1, 512],
	[1, 512],
	[2, 1024],
	[1, 1024]
];

export function mobileNetV1(alpha: number, side = 224): Graph {
	const nodes: GraphNode[] = [node('image', 'Input', [], { shape: [null, side, side, 3] })];
	let [last, size, channels] = ['image', side, 3];
	const add = (id: string, type: string, kernel: number[] | null, stride = 1, out = channels) => {
		size = Math.ceil(size / stride);
		const shape: Shape = [null, size, size, out];
		const weights = kernel ? [{ name: `${id}/w`, shape: kernel, dtype: 'float32', role: 'kernel' }] : [];
		const attributes: GraphNode['attributes'] = kernel
			? { size: kernel.slice(0, 2), strides: [stride, stride], padding: 'same' }
			: {};
		nodes.push(node(id, type, [last], { shape, weights, attributes }));
		[last, channels] = [id, out];
	};
	const first = Math.round(32 * alpha);
	add('conv', 'Conv2D', [3, 3, 3, first], 2, first);
	add('conv/relu', 'Relu6', null);
	BLOCKS.forEach(([stride, full], i) => {
		const out = Math.round(full * alpha);
		add(`b${i}/dw`, 'DepthwiseConv2D', [3, 3, channels, 1], stride);
		add(`b${i}/dw/relu`, 'Relu6', null);
		add(`b${i}/pw`, 'Conv2D', [1, 1, channels, out], 1, out);
		add(`b${i}/pw/relu`, 'Relu6', null);
	});
	nodes.push(node('pool', 'GlobalAveragePool', [last], { shape: [null, channels] }));
	const weights = [{ name: 'fc/w', shape: [channels, 1000], dtype: 'float32', role: 'kernel' }];
	nodes.push(node('fc', 'Dense', ['pool'], { shape: [null, 1000], weights }));
	return graph(nodes);
}
