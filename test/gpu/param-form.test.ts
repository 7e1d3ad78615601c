import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { Parameters, ParameterSpec } from '#contracts/parameter.ts';
import ParamForm from '#widgets/ParamForm.svelte';

const SPECS: readonly ParameterSpec[] = [
	{ id: 'rate', title: 'Rate', help: '', kind: 'number', default: 1, min: 0, max: 10, step: 0.1 },
	{
		...{ id: 'loss', title: 'Loss', help: '', kind: 'choice', default: 'a' },
		options: ['a', 'b'].map((id) => ({ id, title: id }))
	}
];

it('shows the values in use, whatever was typed or chosen', async () => {
	const requested: unknown[] = [];
	let values: Parameters = { rate: 3, loss: 'a' };
	const props = (change: (id: string, value: unknown) => void) => ({
		...{ specs: SPECS, values, layers: [] },
		onchange: change
	});
	// The loss is refused.
	const onchange = (id: string, value: unknown) => {
		requested.push(value);
		if (id !== 'rate') return;
		values = { ...values, rate: value as number };
		void screen.rerender(props(onchange));
	};
	const screen = await render(ParamForm, props(onchange));
	const box = screen.getByRole('spinbutton').element() as HTMLInputElement;
	const type = async (text: string) => {
		box.value = text;
		box.dispatchEvent(new Event('change', { bubbles: true }));
		await new Promise((resolve) => setTimeout(resolve, 20));
		return box.value;
	};
	expect([await type('99'), await type('500'), await type(''), await type('2')]).toEqual(['10', '10', '10', '2']);
	const select = screen.getByRole('combobox').element() as HTMLSelectElement;
	select.value = 'b';
	select.dispatchEvent(new Event('change', { bubbles: true }));
	expect([select.value, requested]).toEqual(['a', [10, 10, 2, 'b']]);
});
