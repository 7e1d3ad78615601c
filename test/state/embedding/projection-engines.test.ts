import { afterEach, expect, it, vi } from 'vitest';
import type { EngineReport } from '#contracts/compute.ts';
import type { ProjectionApi } from '#contracts/projection.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { ProjectionEngines } from '#state/embedding/projection-engines.ts';
import { projecting } from '#workers/compute/projection.ts';
import { type Call, remote, serve } from '#workers/rpc.ts';

/** The projection worker, in this thread. */
class Thread {
	static made = 0;
	readonly #ports = new MessageChannel();

	constructor() {
		Thread.made++;
		serve<ProjectionApi>(this.#ports.port1 as never, projecting(() => typedEngine).api);
		this.#ports.port1.start();
		this.#ports.port2.start();
	}
	postMessage(message: unknown): void {
		this.#ports.port2.postMessage(message);
	}
	addEventListener(type: string, listener: (event: Event) => void): void {
		if (type === 'message') this.#ports.port2.addEventListener('message', listener);
	}
	terminate(): void {
		this.#ports.port1.close();
		this.#ports.port2.close();
	}
}

afterEach(() => vi.unstubAllGlobals());

function engines(report: Partial<EngineReport>, measure: () => Promise<number>) {
	vi.stubGlobal('Worker', Thread);
	const call = vi.fn<Call>(measure);
	const engine = { backend: 'webgpu', device: 'a card', software: false, ...report } as EngineReport;
	const context = { engine, compute: remote(call) } as unknown as ViewContext;
	return { own: new ProjectionEngines(context), call, context };
}

const { signal } = new AbortController();

it('a GPU projects where it is faster in a small job, and is asked once', async () => {
	const { own, call } = engines({}, () => Promise.resolve(0.001));
	expect(await own.fastest(signal)).toBe('gpu');
	expect(await own.fastest(signal)).toBe('gpu');
	expect(call).toHaveBeenCalledTimes(1);
	expect(call).toHaveBeenCalledWith('measureProjection', [], { signal });
});

it.each([
	['is slower', () => Promise.resolve(1e9)],
	['cannot', () => Promise.reject(new Error('no'))]
] as const)('the processor does where the GPU %s', async (_, measure) => {
	const { own, call } = engines({}, measure);
	expect(await own.fastest(signal)).toBe('processor');
	expect(call).toHaveBeenCalledTimes(1);
});

it.each([{ software: true }, { backend: 'wasm' }] as const)(
	'without a real GPU nothing is asked (%o)',
	async (report) => {
		Thread.made = 0;
		const { own, call } = engines(report, () => Promise.resolve(0.001));
		expect(await own.fastest(signal)).toBe('processor');
		expect(call).not.toHaveBeenCalled();
		expect(Thread.made).toBe(0);
	}
);
