import { expect, test } from '@playwright/test';
import { expectAccessible, openLab, settled } from './lab.ts';
import { button, number, region, text } from './playground-page.ts';
import { bringIntoSight, picture } from './playground-picture.ts';

test('the page as it opens learns the circle; the lab is ready while it plays; a reset replays', async ({ page }) => {
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	await openLab(page, '?view=playground');
	await expect(page.getByTestId('trainer')).not.toBeEmpty();
	const before = await picture(page, 'boundary');
	await button(page, 'Train').click();
	await expect(async () => expect(await number(page, 'test-loss')).toBeLessThan(0.05)).toPass({ timeout: 60_000 });
	await expect(page.locator('html')).toHaveAttribute('data-lab', 'ready');
	await button(page, 'Pause').click();
	// At rest as sharp as the screen, purple in the middle and orange around it.
	await expect(async () => {
		const after = await picture(page, 'boundary');
		expect(after.sum).not.toBe(before.sum);
		expect(after.orange).toBeGreaterThan(0.3);
		expect(after.purple).toBeGreaterThan(0.05);
	}).toPass({ timeout: 60_000 });
	const map = page.getByRole('application', { name: /over the plane/ });
	await map.hover();
	await expect(page.getByTestId('value')).toContainText('class 1');
	await expect(page.getByRole('img', { name: /^Loss/ }).locator('path.train')).toHaveAttribute('d', /L.*L/);

	// Under the pointer a curve is read out; any step can be had again.
	await page.getByRole('img', { name: /^Loss/ }).hover();
	await expect(region(page).getByText(/Loss.*: .* train, .* test at epoch/)).toBeVisible();
	const any = region(page).getByRole('spinbutton', { name: 'Go to step' });
	await any.fill('77');
	await any.press('Enter');
	await expect(page.getByTestId('step')).toHaveText('77');
	await any.fill('-5');
	await any.press('Enter');
	await expect(any).toHaveValue('77');

	// A weight that is typed stays as typed, though training goes on changing it.
	await button(page, 'Train').click();
	const weight = region(page).getByRole('spinbutton', { name: 'Weight', exact: true });
	await weight.fill('3.21');
	const step = await number(page, 'step');
	await expect(async () => expect(await number(page, 'step')).toBeGreaterThan(step)).toPass();
	await expect(weight).toHaveValue('3.21');
	await weight.press('Enter');
	await weight.blur();
	await expect(weight).not.toHaveValue('3.21');
	await button(page, 'Pause').click();

	// Back to the beginning by the scrubber, and by a reset; the same seed gives the same losses.
	const moments = region(page).getByRole('slider', { name: /^Rewind/ });
	await moments.focus();
	await page.keyboard.press('Home');
	await expect(page.getByTestId('step')).toHaveText('0');
	await button(page, 'Epoch').click();
	await expect(page.getByTestId('epoch')).toHaveText('1');
	const [train, proof] = [await text(page, 'train-loss'), await text(page, 'test-loss')];
	await button(page, 'Reset').click();
	await expect(page.getByTestId('step')).toHaveText('0');
	await button(page, 'Epoch').click();
	await expect(page.getByTestId('step')).toHaveText('25');
	expect([await text(page, 'train-loss'), await text(page, 'test-loss')]).toEqual([train, proof]);
	expect(errors).toEqual([]);
});

test('a link reproduces the set-up; weights, neurons and the window by keyboard; nothing for axe', async ({ page }) => {
	// What is pointed at stays where it is while one types beside it.
	await page.setViewportSize({ width: 1280, height: 1600 });
	await openLab(page, '?view=playground');
	const set = region(page);
	await set.getByRole('combobox', { name: 'Data set' }).selectOption('spirals');
	await set.getByRole('combobox', { name: 'Optimiser' }).selectOption('adam');
	await set.getByRole('spinbutton', { name: 'Learning rate' }).fill('0.01');
	await set.getByRole('spinbutton', { name: 'Learning rate' }).press('Enter');
	await set.getByRole('checkbox', { name: 'sin x₁' }).check();
	await button(page, 'Add a layer').click();
	await button(page, 'Add a neuron to layer 1').click();
	await expect(page).toHaveURL(/playground\.hidden=5%2C2%2C2/);
	await expect(page.getByTestId('step')).toHaveText('0');
	await button(page, 'Epoch').click();
	await expect(page.getByTestId('step')).toHaveText('25');
	const loss = await text(page, 'test-loss');
	await page.reload();
	await expect(page.getByTestId('step')).toHaveText('0', { timeout: 60_000 });
	await expect(set.getByRole('combobox', { name: 'Data set' })).toHaveValue('spirals');
	await expect(set.getByRole('img', { name: /3, 5, 2, 2, 3 units/ })).toBeVisible();
	await button(page, 'Epoch').click();
	await expect(page.getByTestId('step')).toHaveText('25');
	expect(await text(page, 'test-loss')).toBe(loss);

	// An edited weight is followed by the loss, the boundary and the maps of the neurons.
	await button(page, 'Add a layer').scrollIntoViewIfNeeded();
	await expect(async () => expect((await picture(page, 'neurons-1')).sum).toBeGreaterThan(0)).toPass();
	const [boundary, neurons] = [await picture(page, 'boundary'), await picture(page, 'neurons-1')];
	await set.getByRole('combobox', { name: 'From', exact: true }).selectOption('bias');
	await set.getByRole('spinbutton', { name: 'Bias', exact: true }).fill('4');
	await set.getByRole('spinbutton', { name: 'Bias', exact: true }).press('Enter');
	await expect(page.getByTestId('test-loss')).not.toHaveText(loss);
	for (const [name, before] of [
		['boundary', boundary],
		['neurons-1', neurons]
	] as const) {
		await bringIntoSight(page, name);
		await expect.poll(async () => (await picture(page, name)).sum, { timeout: 60_000 }).not.toBe(before.sum);
	}
	await button(page, 'Add a layer').scrollIntoViewIfNeeded();
	// The line between two neurons is chosen where it is.
	const middleOf = async (name: string) => {
		const { x = 0, y = 0, width = 0, height = 0 } = (await button(page, `Show ${name} large`).boundingBox()) ?? {};
		return [x + width / 2, y + height / 2] as const;
	};
	const [from, to] = [await middleOf('layer 1, neuron 3'), await middleOf('layer 2, neuron 2')];
	const between = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
	await page.mouse.click(...between);
	await expect(set.getByRole('combobox', { name: 'Layer' })).toHaveValue('2');
	await expect(set.getByRole('spinbutton', { name: 'Weight', exact: true })).toBeVisible();

	await expect(set.getByRole('combobox', { name: 'From', exact: true })).toHaveValue('2');
	await expect(set.getByRole('combobox', { name: 'To', exact: true })).toHaveValue('1');

	// It is what its weight is, in its colour and under the pointer.
	const lines = page.locator('canvas[data-map="edges"]');
	const bluer = () =>
		lines.evaluate((canvas: HTMLCanvasElement, [x, y]) => {
			const { left, top, width } = canvas.getBoundingClientRect();
			const scale = canvas.width / width;
			const pixel = canvas.getContext('2d')?.getImageData(scale * (x - left), scale * (y - top), 1, 1).data;
			return (pixel?.[2] ?? 0) - (pixel?.[0] ?? 0);
		}, between);
	for (const weight of ['6.25', '-6.25']) {
		await set.getByRole('spinbutton', { name: 'Weight', exact: true }).fill(weight);
		await set.getByRole('spinbutton', { name: 'Weight', exact: true }).press('Enter');
		await expect(async () => expect(Math.sign(await bluer())).toBe(Math.sign(Number(weight)))).toPass();
		await page.mouse.move(between[0], between[1] + 200);
		await page.mouse.move(...between);
		await expect(lines).toHaveAttribute('title', `Weight ${weight.replace('-', '−')}`);
	}

	// Zoom, move and back by keyboard; the field is computed for what is seen.
	const map = page.getByRole('application', { name: /over the plane/ });
	await map.focus();
	for (const key of ['+', '+', 'ArrowRight']) await page.keyboard.press(key);
	await expect(map).toHaveAccessibleName(/x₁ 0\.09/);
	// The cross stays where it is in the plane, as that moves under it.
	await page.keyboard.press('Shift+ArrowRight');
	await expect(map).toHaveAccessibleName(/x₁ 0\.09/);
	await page.keyboard.press('0');
	await expect(button(page, 'Show all')).toBeDisabled();
	await button(page, 'Show layer 1, neuron 2 large').hover();
	await expect(set.getByRole('heading', { name: 'Output of layer 1, neuron 2' })).toBeVisible();
	await expectAccessible(page);
});

test('every picture of the answer, in the plane and in space, by its controls, by keys and by its link', async ({
	page
}) => {
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	await openLab(
		page,
		'?view=playground&playground.data=spirals&playground.loss=cross-entropy&playground.hidden=6&playground.test=true&playground.levels=40,45,50'
	);
	const bar = region(page).getByRole('group', { name: 'Display settings' });
	const seen = (name: string) => async () => (await picture(page, name)).sum;
	await expect(page.getByTestId('field')).toHaveText('in a fragment shader');
	await expect.poll(seen('boundary')).toBeGreaterThan(0);
	/** Coarse pictures get sharper by themselves. */
	const atRest = async (name: string) => {
		let last = -1;
		await expect
			.poll(
				async () => {
					const now = await seen(name)();
					const same = now === last;
					last = now;
					return same;
				},
				{ intervals: [500] }
			)
			.toBe(true);
		return last;
	};
	const changes = async (name: string, change: () => Promise<unknown>) => {
		const before = await atRest(name);
		await change();
		await expect.poll(seen(name)).not.toBe(before);
	};
	// Until it is sure enough anywhere to have isolines.
	for (const epoch of ['1', '2', '3']) {
		await button(page, 'Epoch').click();
		await expect(page.getByTestId('epoch')).toHaveText(epoch);
	}
	await changes('boundary', () => bar.getByRole('checkbox', { name: 'Isolines' }).check());
	const levels = bar.getByRole('textbox', { name: /Isolines at/ });
	await changes('boundary', async () => {
		await levels.fill('38, 42; 60 nonsense');
		await levels.press('Enter');
	});
	await expect(levels).toHaveValue('38,42,60');
	for (const mode of ['margin', 'entropy'])
		await changes('boundary', () => bar.getByRole('combobox', { name: 'Colours' }).selectOption(mode));
	for (const flow of ['arrows', 'texture'])
		await changes('boundary', () => bar.getByRole('combobox', { name: 'Gradient field' }).selectOption(flow));
	await changes('boundary', () => bar.getByRole('checkbox', { name: 'Decision boundary' }).uncheck());
	for (const words of ['Entropy of the class', 'at 38, 42, 60 %', 'Streaks follow', '250 test points'])
		await expect(page.getByTestId('legend')).toContainText(words);

	// Every class at the cross, by keys alone; the shares are one together.
	const map = page.getByRole('application', { name: /over the plane/ });
	await map.focus();
	for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
	const here = region(page).getByRole('list', { name: 'Class probabilities' }).getByRole('listitem');
	await expect(here).toHaveCount(3);
	const shares = (await here.allInnerTexts()).map((words) => Number(/([\d.]+) %/.exec(words)?.[1]));
	expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
	await expect(page.getByTestId('value')).toContainText('x₂ 0.96');

	// As near as 32 bits go, and no nearer.
	for (let i = 0; i < 30; i++) await page.keyboard.press('+');
	await expect(region(page).getByText(/^Maximum zoom/)).toBeVisible();
	await expect(button(page, 'Zoom in')).toBeDisabled();
	await page.keyboard.press('0');

	await button(page, '3D').click();
	await expect(page).toHaveURL(/playground\.space=3d/);
	const space = page.getByRole('application', { name: /as a surface over the plane, its height probability/ });
	await expect.poll(seen('surface')).toBeGreaterThan(0);
	await space.focus();
	await changes('surface', () => page.keyboard.press('ArrowLeft'));
	await expect(space).toHaveAccessibleName(/Turned by 36°/);
	await changes('surface', () => page.keyboard.press('+'));
	await changes('surface', () => page.keyboard.press('Shift+ArrowUp'));
	for (const sheets of ['all', '1'])
		await changes('surface', () => bar.getByRole('combobox', { name: 'Sheets' }).selectOption(sheets));
	const box = (await space.boundingBox()) as { x: number; y: number };
	await changes('surface', async () => {
		await page.mouse.move(box.x + 200, box.y + 150);
		await page.mouse.down();
		await page.mouse.move(box.x + 260, box.y + 160, { steps: 3 });
		await page.mouse.up();
	});
	await expectAccessible(page);

	// The link has it all; and a network too wide for the shader is drawn by the field engine.
	const link = page.url();
	for (const part of [
		'mode=entropy',
		'slopes=texture',
		'isolines=true',
		'levels=38%2C42%2C60',
		'line=false',
		'sheets=1'
	])
		expect(link).toContain(`playground.${part}`);
	await page.goto(link.replace('hidden=6', 'hidden=65').replace('space=3d', 'space=2d'));
	await expect(page.getByTestId('field')).toHaveText('by the field engine', { timeout: 60_000 });
	await expect(bar.getByRole('combobox', { name: 'Colours' })).toHaveValue('entropy');
	await expect(bar.getByRole('combobox', { name: 'Gradient field' })).toHaveValue('texture');
	await expect.poll(seen('boundary')).toBeGreaterThan(0);
	expect(errors).toEqual([]);
});

test('no model has to be open', async ({ page }) => {
	await page.goto('./?model=nothing-of-this-name&view=playground');
	await settled(page, 'error');
	await button(page, 'Train').click();
	await expect(async () => expect(await number(page, 'test-loss')).toBeLessThan(0.05)).toPass({ timeout: 60_000 });
});

test('a network of hundreds of neurons shows each of them, also large; one too large for any memory says so', async ({
	page
}) => {
	const errors: string[] = [];
	page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
	await openLab(page, '?view=playground&playground.hidden=64,64,64,64,64');
	const set = region(page);
	await set.getByRole('spinbutton', { name: 'Neurons of layer 5' }).scrollIntoViewIfNeeded();
	await expect(async () => expect((await picture(page, 'neurons-5')).sum).toBeGreaterThan(0)).toPass({
		timeout: 60_000
	});
	await settled(page);
	await bringIntoSight(page, 'boundary');
	await settled(page);
	const before = await picture(page, 'boundary');
	await button(page, 'Show layer 5, neuron 3 large').focus();
	await page.keyboard.press('Shift+Tab');
	await page.keyboard.press('Tab');
	await expect(set.getByRole('heading', { name: 'Output of layer 5, neuron 3' })).toBeVisible();
	await bringIntoSight(page, 'boundary');
	await expect(async () => expect((await picture(page, 'boundary')).sum).not.toBe(before.sum)).toPass({
		timeout: 60_000
	});

	const neurons = set.getByRole('spinbutton', { name: 'Neurons of layer 5' });
	await neurons.fill('300');
	await neurons.press('Enter');
	await expect(set.getByRole('img', { name: /64, 300, 1 units/ })).toBeVisible();
	await neurons.fill('0');
	await neurons.press('Enter');
	await expect(neurons).toHaveValue('300');
	await neurons.fill('9000000');
	await neurons.press('Enter');
	await expect(set.getByRole('status').filter({ hasText: /This needs [\d,.]+ [MG]B/ })).toBeVisible();
	await expect(button(page, 'Train')).toBeDisabled();
	expect(errors).toEqual([]);
});
