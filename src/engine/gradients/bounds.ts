import { guard, type KernelCall } from '#engine/gradients/guard.ts';
import { product } from '#maths/product.ts';

/**
 * Operations whose result may be far larger than what goes in: a file of some hundred bytes asks for more memory than any
 * machine has, which ends the page. How many numbers they would make is known before they are run.
 */

/** A gibibyte of float32. */
const MAX_VALUES = 2 ** 28;

type Sizes = (call: KernelCall) => number;
const first = ({ inputs }: KernelCall) => Object.values(inputs).find((input) => input !== undefined)?.shape ?? [];
const own =
	(name: string): Sizes =>
	({ attrs }) =>
		product([attrs?.[name] ?? []].flat() as number[]);
const padded: Sizes = (call) => {
	const paddings = (call.attrs?.['paddings'] ?? []) as [number, number][];
	return product(first(call).map((n, axis) => n + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0)));
};
const resized: Sizes = (call) => {
	const [batch = 1, , , channels = 1] = first(call);
	return batch * channels * product((call.attrs?.['size'] ?? []) as number[]);
};

/** Both stretched to one shape. */
const stretched: Sizes = ({ inputs }) => {
	const shapes = Object.values(inputs).map((input) => input?.shape ?? []);
	const rank = Math.max(...shapes.map(({ length }) => length));
	const full = shapes.map((shape) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
	return product(Array.from({ length: rank }, (_, axis) => Math.max(...full.map((shape) => shape[axis] ?? 1))));
};
const STRETCHED = [
	...[
		'Add',
		'Sub',
		'Multiply',
		'RealDiv',
		'FloorDiv',
		'Maximum',
		'Minimum',
		'Pow',
		'Mod',
		'SquaredDifference',
		'Atan2'
	],
	...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'Prelu']
];

const SIZES: ReadonlyMap<string, Sizes> = new Map<string, Sizes>([
	['Fill', own('shape')],
	['ScatterNd', own('shape')],
	['SparseToDense', own('outputShape')],
	['Conv2DBackpropInput', own('inputShape')],
	['LinSpace', own('num')],
	[
		'Range',
		({ attrs }) => Math.abs((Number(attrs?.['stop']) - Number(attrs?.['start'])) / Number(attrs?.['step'] ?? 1))
	],
	['Tile', (call) => product(first(call)) * product((call.attrs?.['reps'] ?? []) as number[])],
	['OneHot', (call) => product(first(call)) * Number(call.attrs?.['depth'] ?? 1)],
	['ResizeBilinear', resized],
	['ResizeNearestNeighbor', resized],
	['PadV2', padded],
	['MirrorPad', padded],
	[
		'CropAndResize',
		({ inputs, attrs }) =>
			(inputs['boxes']?.shape[0] ?? 1) *
			(inputs['image']?.shape[3] ?? 1) *
			product((attrs?.['cropSize'] ?? []) as number[])
	],
	[
		'BatchMatMul',
		({ inputs, attrs }) => {
			const [a, b] = [inputs['a']?.shape ?? [], inputs['b']?.shape ?? []];
			const batch = Math.max(product(a.slice(0, -2)), product(b.slice(0, -2)));
			return batch * Number(a.at(attrs?.['transposeA'] ? -1 : -2)) * Number(b.at(attrs?.['transposeB'] ? -2 : -1));
		}
	],
	...STRETCHED.map((name) => [name, stretched] as const)
]);

/** How many numbers one tensor may hold: of the memory, and of the GPU's own limits where it has any. */
function maxValues(backend: unknown): number {
	const { device } = backend as {
		device?: { limits?: { maxStorageBufferBindingSize: number; maxBufferSize: number } };
	};
	const limits = device?.limits;
	return limits ? Math.min(MAX_VALUES, limits.maxStorageBufferBindingSize / 4, limits.maxBufferSize / 4) : MAX_VALUES;
}

/** Refuses them, on all backends that are there by now, before they take memory. */
export function boundSizes(): void {
	for (const backendName of ['cpu', 'wasm', 'webgl', 'webgpu'])
		for (const [kernelName, sizes] of SIZES)
			guard(kernelName, backendName, 'size', (call) => {
				const count = sizes(call);
				if (Number.isNaN(count) || count <= maxValues(call.backend)) return null;
				return `its result would hold ${count.toLocaleString('en', { maximumFractionDigits: 0 })} numbers, more than there is room for`;
			});
}
