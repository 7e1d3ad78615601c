import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu/dist/webgpu_program';
import gridWgsl from '#engine/kernels/cell-grid.wgsl?raw';
import statsWgsl from '#engine/kernels/cell-stats.wgsl?raw';
import * as tf from '#engine/tf.ts';
import { cellGrid, cellStats, type CellLayout } from '#maths/cells.ts';

/**
 * Two kernels of our own, a dispatch each where tfjs's operations need a dozen: an activation strip looks at every layer. On the
 * processor their twins run; WebGL has neither and composes them.
 */

/** Workgroups along one axis that every device has. */
const MAX_WORKGROUPS = 65535;
const THREADS = 64;

class CellProgram implements WebGPUProgram {
	readonly variableNames = ['x'];
	readonly workgroupSize: [number, number, number] = [THREADS, 1, 1];
	readonly dispatchLayout = { x: [0] };
	readonly dispatch: [number, number, number];
	readonly uniforms: string;
	readonly size = true;

	constructor(
		readonly shaderKey: string,
		readonly outputShape: number[],
		groups: number,
		names: readonly string[],
		private readonly code: string
	) {
		this.uniforms = names.map((name) => `${name} : i32, `).join('');
		// More groups than one axis takes go along the second.
		const across = Math.min(groups, MAX_WORKGROUPS);
		this.dispatch = [across, Math.ceil(groups / across), 1];
	}

	getUserCode(): string {
		return this.code;
	}
}

type Shape3 = [number, number, number];
type GridAttributes = CellLayout & { h: number; w: number; count: number };

const integers = (values: readonly number[]) => values.map((value) => ({ type: 'int32', data: [value] }));

tf.registerKernel({
	kernelName: 'LabCellStats',
	backendName: 'webgpu',
	kernelFunc: ({ inputs, backend }) => {
		const x = inputs['x'] as tf.TensorInfo;
		const [h, w, count] = x.shape as Shape3;
		const program = new CellProgram('lab_cell_stats', [5, count], count, ['positions', 'count'], statsWgsl);
		return (backend as WebGPUBackend).runWebGPUProgram(program, [x], 'float32', integers([h * w, count]));
	}
});

const GRID = ['h', 'w', 'count', 'thinned', 'width', 'height', 'shown', 'columns', 'top', 'left'] as const;

tf.registerKernel({
	kernelName: 'LabCellGrid',
	backendName: 'webgpu',
	kernelFunc: ({ inputs, backend, attrs }) => {
		const layout = attrs as unknown as GridAttributes;
		const shape = [layout.rows * layout.height, layout.columns * layout.width] as const;
		const groups = Math.ceil((shape[0] * shape[1]) / THREADS);
		const program = new CellProgram('lab_cell_grid', [...shape], groups, GRID, gridWgsl);
		const values = integers(GRID.map((name) => layout[name]));
		return (backend as WebGPUBackend).runWebGPUProgram(program, [inputs['x'] as tf.TensorInfo], 'float32', values);
	}
});

for (const backendName of ['cpu', 'wasm']) {
	const made = (backend: tf.KernelBackend, values: Float32Array, shape: number[]): tf.TensorInfo => ({
		dataId: backend.write(values, shape, 'float32'),
		shape,
		dtype: 'float32'
	});
	tf.registerKernel({
		kernelName: 'LabCellStats',
		backendName,
		kernelFunc: ({ inputs, backend }) => {
			const x = inputs['x'] as tf.TensorInfo;
			const [h, w, count] = x.shape as Shape3;
			const values = (backend as tf.KernelBackend).readSync(x.dataId) as Float32Array;
			return made(backend as tf.KernelBackend, cellStats(values, h * w, count), [5, count]);
		}
	});
	tf.registerKernel({
		kernelName: 'LabCellGrid',
		backendName,
		kernelFunc: ({ inputs, backend, attrs }) => {
			const layout = attrs as unknown as GridAttributes;
			const { dataId } = inputs['x'] as tf.TensorInfo;
			const values = (backend as tf.KernelBackend).readSync(dataId) as Float32Array;
			const { h, w, count, rows, height, columns, width } = layout;
			const field = cellGrid(values, h, w, count, layout);
			return made(backend as tf.KernelBackend, field, [rows * height, columns * width]);
		}
	});
}

const native = (name: string) => tf.getKernel(name, tf.getBackend()) !== undefined;

/**
 * @param x [h, w, cells], float32
 * @returns [5, cells]: mean, std, min, max, share of zeros
 */
export function cellStatsOf(x: tf.Tensor3D): tf.Tensor2D {
	if (native('LabCellStats')) return tf.engine().runKernel('LabCellStats', { x });
	return tf.tidy(() => {
		const axes = [0, 1];
		const mean = tf.mean(x, axes);
		const std = tf.sqrt(tf.mean(tf.square(tf.sub(x, mean)), axes));
		const zeros = tf.mean(tf.cast(tf.equal(x, 0), 'float32'), axes);
		return tf.stack([mean, std, tf.min(x, axes), tf.max(x, axes), zeros]) as tf.Tensor2D;
	});
}

/**
 * @param x [h, w, cells], float32
 * @returns [rows x height, columns x width]
 */
export function cellGridOf(x: tf.Tensor3D, layout: CellLayout): tf.Tensor2D {
	const [h, w, count] = x.shape;
	if (native('LabCellGrid')) return tf.engine().runKernel('LabCellGrid', { x }, { ...layout, h, w, count });
	const { thinned, width, height, shown, columns, rows } = layout;
	return tf.tidy(() => {
		const some = tf.slice(x, [0, 0, 0], [h, w, shown]);
		const size: [number, number] = [Math.min(thinned, h), Math.min(thinned, w)];
		const small = thinned === 1 ? some : tf.avgPool(some, size, thinned, 'same');
		const full = tf.pad(small, [
			[0, 0],
			[0, 0],
			[0, rows * columns - shown]
		]);
		const apart = tf.transpose(tf.reshape(full, [height, width, rows, columns]), [2, 0, 3, 1]);
		return tf.reshape(apart, [rows * height, columns * width]);
	});
}
