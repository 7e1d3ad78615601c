import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { constantOf } from '#loaders/onnx/tensors.ts';
import { expectClose } from '../../close.ts';
import { useBackend } from '../../tools/backends.ts';
import { dataFolder } from '../../tools/files.ts';
import { computed, nodeTest, nodeTests, open, settled } from '../../tools/onnx-node.ts';

/** ONNX's own tests of its operators, as many as lie in the data; settings that they pass as inputs are constants here. */
const folder = join(dataFolder ?? '', 'real-models/onnx-node');
const here = dataFolder && existsSync(folder);

/** Those that are refused, and in which words. */
const REFUSED: Readonly<Record<string, RegExp>> = {
	test_if: /\(If\) decides while it runs/,
	test_loop11: /\(Loop\) decides while it runs/
};

describe.runIf(here)('operators by ONNX’s own tests', () => {
	beforeAll(() => useBackend('wasm'));
	const names = here ? nodeTests(folder) : [];

	it.each(names.filter((name) => !(name in REFUSED)))('%s', async (name) => {
		const test = nodeTest(folder, name);
		let model = settled(test, false);
		let loaded = await open(model);
		if (loaded.model.obstacle) loaded = await open((model = settled(test, true)));
		expect(loaded.model.obstacle).toBeNull();
		for (const [k, y] of (await computed(loaded, model, test.inputs)).entries()) {
			const { shape, values } = constantOf(test.outputs[k]!);
			expectClose({ shape: y.shape, data: y.data }, { shape, data: values! }, { rtol: 1e-3, atol: 1e-5 });
		}
		loaded.model.dispose();
	});

	it.each(names.filter((name) => name in REFUSED))('%s is refused by name', async (name) => {
		const { model } = await open(nodeTest(folder, name).model);
		expect(model.obstacle?.message).toMatch(REFUSED[name]!);
		expect(model.obstacle?.message).toMatch(/of its \d+ nodes? are known/);
		model.dispose();
	});
});
