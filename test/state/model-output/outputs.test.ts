import { describe, expect, it, vi } from 'vitest';
import type { OutputDrawing, OutputReading, OutputRequest } from '#contracts/output.ts';
import type { ParameterSpec } from '#contracts/parameter.ts';
import { Outputs } from '#state/model-output/outputs.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';

const reading = (kind: string, more: Partial<OutputReading> = {}): OutputReading => ({
	...{ kind, title: kind, sure: 0.5, reason: 'why', parameters: [], plain: false },
	...more
});
const RANGE: ParameterSpec = {
	...{ id: 'range', kind: 'choice', title: 'Range', help: '', default: 'auto' },
	options: [
		{ id: 'auto', title: 'auto' },
		{ id: 'bytes', title: 'bytes' }
	]
};

function open() {
	const output = vi.fn((request: OutputRequest) =>
		Promise.resolve({
			kind: 'map',
			width: 1,
			height: 1,
			channels: 1,
			values: new Float32Array(1),
			request
		} as OutputDrawing)
	);
	const options: Record<string, string> = {};
	const now: Record<string, string> = { model: 'm', input: 'one', head: '0' };
	const context = {
		head: {
			output: 'y',
			readings: [reading('picture', { parameters: [RANGE] }), reading('map'), reading('labels', { plain: true })]
		},
		fed: { value: { preprocessed: new Map([['x', 'blob:x']]) }, of: {} } as object | null,
		identity: () => ({ ...now }),
		option: (key: string, otherwise: string) => options[key] ?? otherwise,
		compute: { with: () => ({ output }) },
		failed: vi.fn()
	};
	return { outputs: new Outputs(context as unknown as ViewContext), context, options, now, output };
}

describe('the output that is drawn', () => {
	it('is read as is likeliest, and over the picture that went in', async () => {
		const { outputs, output, context } = open();
		expect(outputs.old).toBe(true);
		await outputs.ask();
		expect(output).toHaveBeenCalledWith({ output: 'y', kind: 'picture', parameters: { range: 'auto' } });
		expect(outputs.drawn?.value).toMatchObject({
			picture: 'blob:x',
			reading: { kind: 'picture' },
			head: { output: 'y' }
		});
		expect(outputs.old).toBe(false);
		expect(outputs.changed).toBe(false);
		expect(context.failed).not.toHaveBeenCalled();
	});

	it('is old with another output, another kind or other settings', async () => {
		const { outputs, options, now } = open();
		await outputs.ask();
		now['head'] = '1';
		expect(outputs.old).toBe(true);
		now['head'] = '0';
		options['model-output.how'] = outputs.optionWith('range', 'bytes');
		expect(options['model-output.how']).toBe('range:bytes');
		expect(outputs.old).toBe(true);
		options['model-output.how'] = outputs.optionWith('range', 'auto');
		expect(options['model-output.how']).toBe('');
		expect(outputs.old).toBe(false);
		options['model-output.as'] = outputs.optionFor('map');
		expect(options['model-output.as']).toBe('map@y');
		expect([outputs.old, outputs.changed, outputs.reading?.kind]).toEqual([true, true, 'map']);
		expect(outputs.optionFor('picture')).toBe('');
	});

	it('is asked for by nobody where the prediction holds it, and while nothing is fed', async () => {
		const { outputs, options, context, output } = open();
		options['model-output.as'] = outputs.optionFor('labels');
		expect(outputs.old).toBe(false);
		options['model-output.as'] = '';
		context.fed = null;
		await outputs.ask();
		expect(output).not.toHaveBeenCalled();
	});

	it('is not read as what was chosen for another output, or is no kind of it', () => {
		const { outputs, options } = open();
		options['model-output.as'] = 'map@z';
		expect(outputs.reading?.kind).toBe('picture');
		options['model-output.as'] = 'boxes@y';
		expect(outputs.reading?.kind).toBe('picture');
		options['model-output.how'] = 'range:nonsense,,x';
		expect(outputs.parameters).toEqual({ range: 'auto' });
	});

	it('goes with its model', async () => {
		const { outputs } = open();
		await outputs.ask();
		outputs.reset();
		expect(outputs.drawn).toBeNull();
	});
});
