import { expect, it } from 'vitest';
import { checkSettings } from '#engine/model/layers/settings.ts';

it('a normalisation whose root has no value is refused by name', () => {
	expect(() => checkSettings('BatchNormalization', 'bn', { epsilon: -1 })).toThrow(
		'The layer "bn" (BatchNormalization) has the epsilon -1, which cannot be.'
	);
	expect(() => checkSettings('BatchNormalization', 'bn', { epsilon: 0 })).not.toThrow();
});
