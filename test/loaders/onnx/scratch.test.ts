import { beforeAll, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { constantOf } from '#loaders/onnx/tensors.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';
import { computed, nodeTest, nodeTests, open, settled } from '../../tools/onnx-node.ts';

beforeAll(() => useBackend((process.env['ENGINE'] ?? 'cpu') as 'cpu'));
it('all', async () => {
	const folder = process.env['NODE_TESTS']!;
	const only = process.env['ONLY'];
	const lines: string[] = [];
	let [pass, count] = [0, 0];
	for (const name of nodeTests(folder).filter((n) => !only || new RegExp(only).test(n))) {
		count++;
		let why = '';
		try {
			const test = nodeTest(folder, name);
			for (const all of [false, true]) {
				const model = settled(test, all);
				tf.engine().startScope();
				try {
					const loaded = await open(model);
					if (loaded.model.obstacle) throw new Error(loaded.model.obstacle.message);
					const outputs = await computed(loaded, model, test.inputs);
					why = '';
					for (const [k, y] of outputs.entries()) {
						const e = constantOf(test.outputs[k]!);
						if (e.shape.join() !== y.shape.join()) why = `shape ${y.shape} not ${e.shape}`;
						else {
							let worst = 0, at = -1;
							e.values!.forEach((v, i) => { const d = Math.abs(v - y.data[i]!); if (!Object.is(v, y.data[i]) && v !== y.data[i] && !(d <= 1e-5 + 1e-3 * Math.abs(v))) { worst = d; at = i; } });
							if (at >= 0) why = `value ${k}[${at}] ${y.data[at]} not ${e.values![at]}`;
							const said = y.said.map((n, i) => n ?? y.shape[i]);
							if (k === 0 && said.join() !== y.shape.join()) why ||= `SAID ${said} is ${y.shape}`;
						}
					}
				} catch (error) {
					why = (error as Error).message + (error instanceof TypeError || (error as Error).message.includes('cannot be read') ? (((error as Error).cause ?? error) as Error).stack : '');
				} finally {
					tf.engine().endScope();
				}
				if (!why) break;
			}
		} catch (error) {
			why = (error as Error).stack ?? '';
		}
		if (!why) pass++;
		else lines.push(`${name}: ${why.slice(0, Number(process.env['LONG'] ?? 220))}`);
	}
	writeFileSync('/tmp/node-results.txt', lines.join('\n'));
	console.log(`${pass} of ${count}`);
}, 600000);
