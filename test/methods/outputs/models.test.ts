import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '#loaders/open-source.ts';
import { Session } from '#workers/compute/session.ts';
import { useBackend } from '../../tools/backends.ts';
import { dataFolder, folderSource, loadContext } from '../../tools/files.ts';

/** What the outputs of whole models are taken for: a table, so that a new kind that takes one away is seen. */

beforeAll(() => useBackend('cpu'));

async function kindsOf(folder: string, only?: (path: string) => boolean): Promise<(string | undefined)[]> {
	const session = new Session(await openSource(folderSource(folder, only), loadContext()), folder);
	const kinds = session.heads.map(({ readings }) => readings?.[0]?.kind);
	session.dispose();
	return kinds;
}

describe('outputs of whole models', () => {
	it.each(['digits', 'photos', 'shortcut'])('of the sample %s are classes', async (name) => {
		expect(await kindsOf(`models/${name}`, (path) => /\/model\.(json|bin)$/.test(path))).toEqual(['classes']);
	});

	it('of the small models that were read wrongly once are classes', async () => {
		// One of them is refused: a layer is cut out of it.
		for (const name of readdirSync('test/cases/models').filter((name) => name !== 'layer-cut-out')) {
			const kinds = await kindsOf(`test/cases/models/${name}`);
			expect([name, kinds]).toEqual([name, kinds.map(() => 'classes')]);
		}
	});

	describe.runIf(dataFolder)('made by others', () => {
		it.each([
			['tfjs-graph/selfie-f16', ['mask']],
			['tfjs-graph/prefetch-angular', ['classes']],
			['tfjs-layers/mobilenet_v1_025_224-imagenet', ['classes']],
			['tfjs-layers/wit-iris', ['classes']],
			['keras-h5/mlperf-tiny-resnet8-cifar10', ['classes']],
			['onnx/mnist-8', ['classes']],
			['keras-v3/vk-captcha-solver', ['classes']]
		] as const)('%s: %j', async (path, kinds) => {
			expect(await kindsOf(join(dataFolder!, 'real-models', path))).toEqual(kinds);
		});
		it('all layers of one as outputs: the last is classes, those before are not', async () => {
			const kinds = await kindsOf(join(dataFolder!, 'real-models/tfjs-layers/tensorspace-lenet'));
			expect(kinds.at(-1)).toBe('classes');
			expect(kinds.slice(0, 4)).not.toContain('classes');
		});
	});
});
