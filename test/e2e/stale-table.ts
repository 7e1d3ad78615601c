import type { Page } from '@playwright/test';
import type { Facet } from '#contracts/identity.ts';

/**
 * What each view shows depends on what: by view and by facet, a change that is made while the engine is slow, or where
 * else it is tested, or why there is nothing to test. test/stale-table.test.ts says which view or facet has no place here.
 */

export interface Change {
	/** What is said of the old results, where they stay. */
	message?: RegExp;
	/** What shows results that depend on it, where these are not all of the view. */
	selector?: string;
	/** It is made anew only when somebody asks. */
	stays?: boolean;
	/** Answers that come through all the same. */
	pass?: number;
	/** What makes a result to begin with. */
	first?: (page: Page) => Promise<void>;
	act: (page: Page) => Promise<void>;
}

interface Elsewhere {
	file: string;
	/** Of the test there. */
	title: string;
}

export type Cell = Change | Elsewhere | string;

export interface Row {
	query: string;
	/** All that shows results. */
	selector: string;
	/** All pictures are in sight: one that is not sleeps, and is waited for in vain. */
	tall?: boolean;
	cells: Record<Facet, Cell>;
}

const PREDICTION = '[aria-label="Prediction"] li, img[alt="Model input"]';

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const tab = (page: Page, title: string) =>
	page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: title }).click();
const choose = async (page: Page, label: string | RegExp, value: string) =>
	void (await page.getByRole('combobox', { name: label }).first().selectOption(value));

// Changes that every view of the open model's answers must bear.

const INPUT: Change = { message: /previous input/, act: (page) => press(page, 'A seven') };
const PREPROCESSING: Change = {
	message: /previous preprocessing/,
	act: async (page) => {
		await page.getByText(/^Preprocessing/).click();
		await page.getByLabel(/dark on light|Invert/i).click();
	}
};
/** It is opened; nothing is known of it yet. */
const model = (more: Partial<Change> = {}): Change => ({
	pass: 2,
	act: async (page) => {
		await page
			.getByRole('list', { name: 'Sample models' })
			.getByRole('button', { name: /^Photos/ })
			.click();
		await page.locator('[aria-label="Model"] dd strong', { hasText: 'Photos' }).waitFor();
	},
	...more
});
/** A layer is switched off in Feature maps, and the view is looked at again. */
const weights = (view: string, more: Partial<Change> = {}): Change => ({
	message: /previous weights/,
	first: async (page) => {
		await tab(page, 'Feature maps');
		await page.getByRole('button', { name: 'Ablate layer' }).waitFor();
		await tab(page, view);
	},
	act: async (page) => {
		await tab(page, 'Feature maps');
		await press(page, 'Ablate layer');
		await tab(page, view);
	},
	...more
});
const target = (selector: string): Change => ({
	message: /another class/,
	selector,
	act: (page) => page.locator('[aria-label="Prediction"] li:nth-child(2) button').click()
});

async function anotherSeed(page: Page): Promise<void> {
	await press(page, /^Seed/);
	await page.getByLabel('Random seed').fill('7');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Escape');
}

/** The same reason for several facets. */
const each = <F extends Facet, C extends Cell>(facets: readonly F[], cell: C) =>
	Object.fromEntries(facets.map((facet) => [facet, cell])) as Record<F, C>;
const none = <F extends Facet>(...facets: F[]) => ({ because: (reason: string) => each(facets, reason) });
const ONE_MODEL = none('second', 'data', 'moment').because(
	'It shows one model that is not trained here, and no data set.'
);
/** No sample model has two inputs: the small one that the test opens has. */
const SEVERAL = each(['explained', 'others'], {
	file: 'test/e2e/inputs.spec.ts',
	title: 'with a slow engine nothing is shown beside another picture or explained input'
});
/** No sample model has two outputs. */
const HEAD: Elsewhere = {
	file: 'test/state/slices/slices.test.ts',
	title: 'are those of the output that was asked, though another one is chosen'
};

export const TABLE: Record<string, Row> = {
	attribution: {
		query: '?model=digits&input=digit-4.png&method=smoothgrad,grad-cam',
		selector: `${PREDICTION}, canvas[data-map], figure dd`,
		cells: {
			...SEVERAL,
			...ONE_MODEL,
			...none('layer', 'channel').because('No map is of a chosen layer: that of Grad-CAM is one of its settings.'),
			head: 'An output is part of the target.',
			input: INPUT,
			preprocessing: PREPROCESSING,
			target: target('canvas[data-map], figure dd'),
			parameters: {
				message: /other settings/,
				selector: 'canvas[data-map="smoothgrad"]',
				act: async (page) => {
					await press(page, 'Settings of SmoothGrad');
					await page.getByLabel(/Samples/).fill('40');
					await page.keyboard.press('Enter');
					await page.keyboard.press('Escape');
				}
			},
			seed: {
				message: /another seed/,
				selector: 'canvas[data-map], figure dd',
				act: anotherSeed
			},
			weights: weights('Attribution'),
			model: model()
		}
	},
	'model-output': {
		query: '?model=digits&input=digit-4.png&view=model-output',
		selector: `${PREDICTION}, [aria-label="Classes, best first"] li`,
		cells: {
			...ONE_MODEL,
			...none('explained', 'others').because('All inputs have their part in an output, whichever is explained.'),
			...none('layer', 'channel').because('An output is that of the whole model, whatever is looked at inside.'),
			target: 'Which class is explained is marked; what is drawn is of all of them.',
			seed: 'Nothing is drawn by lot.',
			...each(['head', 'parameters'], {
				file: 'test/state/model-output/outputs.test.ts',
				title: 'is old with another output, another kind or other settings'
			}),
			input: INPUT,
			preprocessing: PREPROCESSING,
			weights: weights('Output'),
			model: model()
		}
	},
	'feature-maps': {
		query: '?model=digits&input=digit-4.png&view=feature-maps',
		selector: `${PREDICTION}, canvas[data-map], [aria-label^="channel"] dd`,
		cells: {
			...SEVERAL,
			...ONE_MODEL,
			head: 'An output is part of the target.',
			input: INPUT,
			preprocessing: PREPROCESSING,
			layer: {
				message: /another layer/,
				selector: '[aria-label^="Layer"] canvas, [aria-label^="channel"] dd',
				act: (page) => page.locator('[aria-label="Activation strip"] li:nth-child(3) button').click()
			},
			target: {
				...target('[aria-label="Ablation effects"] li'),
				stays: true,
				first: async (page) => {
					await press(page, 'Ablate each');
					await page.locator('[aria-label="Ablation effects"] li').first().waitFor();
				}
			},
			parameters: {
				message: /another class|other settings/,
				selector: '[aria-label="Ablation effects"] li',
				stays: true,
				act: (page) => choose(page, 'Replacement', 'mean')
			},
			seed: {
				message: /another seed/,
				selector: '[aria-label^="Feature visualisation of"] canvas',
				stays: true,
				first: async (page) => {
					await page.getByRole('slider', { name: 'Steps', exact: true }).press('Home');
					await press(page, 'Visualise feature');
					await page.getByRole('img', { name: /^Feature visualisation of/ }).waitFor();
				},
				act: async (page) => {
					await tab(page, 'Attribution');
					await anotherSeed(page);
					await tab(page, 'Feature maps');
				}
			},
			channel: 'What is shown of a channel is cut out of the answer for its layer.',
			weights: { message: /previous weights/, stays: true, act: (page) => press(page, 'Ablate layer') },
			model: model()
		}
	},
	slices: {
		query: '?model=digits&input=digit-4.png&view=slices&slices.plane=random&slices.side=64',
		selector: `${PREDICTION}, canvas[data-map="slice"], [aria-label="Statistics of the slice"] dd, [aria-label="Prediction under the crosshair"] li, [data-testid="under"]`,
		cells: {
			...SEVERAL,
			...ONE_MODEL,
			...none('layer', 'channel').because('A plane lies in the space of inputs: no layer has a part in it.'),
			head: HEAD,
			target: 'The classes of a plane are settings of its own.',
			input: INPUT,
			preprocessing: PREPROCESSING,
			seed: {
				// The seed is one of the settings of a plane.
				message: /other settings/,
				selector: 'canvas[data-map="slice"], [aria-label="Prediction under the crosshair"] li, [data-testid="under"]',
				act: (page) => press(page, 'New seed')
			},
			parameters: {
				message: /other settings/,
				selector: 'canvas[data-map="slice"], [aria-label="Prediction under the crosshair"] li, [data-testid="under"]',
				act: (page) => choose(page, 'Plane', 'gradient')
			},
			weights: weights('Decision slices'),
			model: model()
		}
	},
	compare: {
		query: '?model=digits&input=digit-4.png&view=compare&compare.model=digits/untrained.json',
		selector: '[aria-label="Both predictions"] li, [aria-label="Both predictions"] h3',
		tall: true,
		cells: {
			...SEVERAL,
			...none('data', 'moment').because('Models are compared as they are, on the chosen input.'),
			...none('target', 'head').because('Both say all that they answer; no class is chosen.'),
			...none('layer', 'channel').because('A chosen layer is one row of the same answer.'),
			seed: 'Nothing is drawn by lot.',
			parameters: 'The tolerance is a line over the same numbers; where two part is asked for (parting.spec.ts).',
			input: INPUT,
			preprocessing: PREPROCESSING,
			second: {
				message: /previous second model/,
				selector: '[aria-label="Both models"] td, [aria-label="Both predictions"] li',
				act: (page) => choose(page, 'Compare with', 'digits/epoch-01.json')
			},
			weights: weights('Compare'),
			model: model({ selector: '[aria-label="Both models"] td, [aria-label="Both predictions"] li' })
		}
	},
	parameters: {
		query: '?model=digits&input=digit-4.png&view=parameters&parameters.weight=conv2/kernel',
		selector: '[aria-label="Weight conv2/kernel"] canvas[data-map]',
		tall: true,
		cells: {
			...none('explained', 'others').because('Weights are the same for every input.'),
			...ONE_MODEL,
			...none('input', 'preprocessing', 'target', 'head').because('Weights are the same for every input and class.'),
			weights: 'What is switched off is so when the model runs: its weights stay what they are.',
			...none('layer', 'channel').because('Another layer is another weight, named in the panel, and a setting.'),
			seed: 'Nothing is drawn by lot.',
			parameters: {
				message: /other settings/,
				act: async (page) =>
					void (await page.locator('label', { hasText: 'Filter' }).locator('select').selectOption('3'))
			},
			model: model({ selector: '[aria-label^="Weight "] canvas[data-map], [aria-label="Weights"] td' })
		}
	},
	structure: {
		query: '?model=digits&input=digit-4.png&view=structure',
		selector: '[aria-label="Graph"] canvas',
		cells: {
			...none('explained', 'others').because('The graph is the same for every input.'),
			...ONE_MODEL,
			...none('input', 'preprocessing', 'weights').because(
				'Of these only measured times depend: “measured times say that they are of another input”, stale-views.spec.ts.'
			),
			...none('target', 'head', 'layer', 'channel').because('The graph is the same whatever is chosen in it.'),
			...none('parameters', 'seed').because('Colours are drawn with the picture; nothing is drawn by lot.'),
			model: model()
		}
	},
	figures: {
		query: '?model=digits&input=digit-4.png&view=figures&figures.manner=fcnn',
		selector: '[aria-label^="Figure"] img[alt*="Digits"]',
		cells: {
			...none('explained', 'others').because('A figure shows the model, none of its predictions.'),
			...ONE_MODEL,
			...none('input', 'preprocessing', 'target', 'head').because('A figure shows the model, none of its predictions.'),
			...none('weights', 'layer', 'channel').because('A figure shows all layers, and weights as they were learned.'),
			seed: 'Nothing is drawn by lot.',
			parameters: {
				file: 'test/state/figures/figures.test.ts',
				title: 'asks once for the same weights, and takes only the newest answer'
			},
			model: model()
		}
	},
	embedding: {
		query: '',
		selector: 'canvas[data-map="scatter"]',
		cells: {
			...none('explained', 'others').because(
				'Rows of a layer carry them, as they do its model: test/state/embedding/embedding.test.ts.'
			),
			...none('second', 'channel', 'head').because('It shows one model, and whole layers of it.'),
			...none('input', 'target').because('Its items are those of the data set, not the chosen input.'),
			...none('parameters', 'preprocessing').because(
				'“a map of a data set says when it is of other settings or of the model as it was”, stale-views.spec.ts.'
			),
			moment: 'The states of a training are columns of one map, each named.',
			...each(['seed', 'layer', 'model', 'data'], {
				file: 'test/state/embedding/embedding.test.ts',
				title: 'is another with another seed, other settings, rows or labels, and of a layer with another model'
			}),
			weights: {
				file: 'test/state/embedding/embedding.test.ts',
				title: 'rows of a layer are taken again when channels of the model were switched off'
			}
		}
	},
	playground: {
		query: '',
		selector: '',
		cells: {
			...none(
				'model',
				'second',
				'input',
				'preprocessing',
				'target',
				'head',
				'layer',
				'channel',
				'explained',
				'others'
			).because('It has a network of its own; nothing of the open model is in it.'),
			...each(['parameters', 'moment', 'weights'], {
				file: 'test/state/playground/playground.test.ts',
				title:
					'says that figures are of other settings, another moment or other weights until the requested ones are shown'
			}),
			...none('data', 'seed').because(
				'Another network or other data: “a step of training comes with its picture, and another data set with nothing of the last”, stale-views.spec.ts.'
			)
		}
	}
};

/** The changes of a row, in the order in which one page can bear them: another model comes last. */
export const changesOf = ({ cells }: Row): [Facet, Change][] =>
	(Object.entries(cells) as [Facet, Cell][])
		.flatMap(([facet, cell]): [Facet, Change][] => (typeof cell === 'object' && 'act' in cell ? [[facet, cell]] : []))
		.sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));

/** Those before need what those after take away. */
const ORDER: readonly Facet[] = [
	'input',
	'preprocessing',
	'layer',
	'target',
	'parameters',
	'seed',
	'second',
	'weights',
	'model'
];
