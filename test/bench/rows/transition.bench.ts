import { it } from 'vitest';
import type { DrawApi } from '#contracts/draw.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';
import { stream } from '#maths/random.ts';
import { connect } from '#workers/rpc.ts';
import { scatterRequest } from '../../tools/scatter-request.ts';
import { median, ms, row } from '../measure.ts';

/** A moment of the way from one map to another: mixed by the shader, beside positions that are mixed and sent each time. */

const SIDE = 700;

for (const count of [100_000, 1_000_000])
	it(`a moment of the way of ${count} points`, async () => {
		const worker = new Worker(new URL('../../../src/workers/draw.worker.ts', import.meta.url), { type: 'module' });
		const draw = connect<DrawApi>(worker).remote;
		const random = stream(1, 'data');
		const [here, there] = [0, 1].map(() => Float32Array.from({ length: 2 * count }, () => random.between(-0.9, 0.9)));
		for (const [key, positions] of [
			['here', here],
			['there', there],
			['sent', here]
		] as const)
			await draw.putScatter(key, positions!, 2);
		const reader = new OffscreenCanvas(SIDE, SIDE).getContext('2d')!;
		const picture = async (change: Partial<ScatterRequest>) => {
			const bitmap = await draw.scatter(scatterRequest(SIDE, { scatter: 'here', ...change }));
			// The picture comes before the GPU has drawn it: a pixel of it does not.
			reader.drawImage(bitmap, 0, 0);
			reader.getImageData(350, 350, 1, 1);
			bitmap.close();
		};
		let k = 0;
		const t = () => (k++ % 20) / 20;
		const shader = () => picture({ transition: { to: 'there', t: t() } });
		const still = () => picture({});
		const sent = async () => {
			const now = t();
			const mixed = here!.map((v, i) => v + now * (there![i]! - v));
			await draw.with({ transfer: [mixed.buffer] }).putScatter('sent', mixed, 2);
			await picture({ scatter: 'sent' });
		};
		const runs = count > 5e5 ? 5 : 9;
		const [own, other, rest] = [await median(runs, shader), await median(runs, sent), await median(runs, still)];
		const size = count.toLocaleString('en');
		row(`a moment of the way of ${size} points`, ms(own), `mixed and sent ${ms(other)}`, own / other);
		row(`a moment of the way of ${size} points`, ms(own), `a still map ${ms(rest)}`, own / rest);
		worker.terminate();
	});
