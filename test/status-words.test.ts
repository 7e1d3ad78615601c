import { expect, it } from 'vitest';
import { statusWords } from '#views/shell/status.ts';

const still = { status: 'ready', live: false, old: [], prediction: '' } as const;

it('the page says in one sentence or two what it is doing', () => {
	expect(statusWords({ ...still, prediction: '4, 99.1 %' })).toBe('Ready: 4, 99.1 %.');
	expect(statusWords(still)).toBe('Ready.');
	expect(statusWords({ ...still, status: 'busy' })).toBe('Computing…');
	expect(statusWords({ ...still, status: 'loading' })).toBe('Computing…');
	// Each thing once, however many regions there are.
	const old = ['of the previous input', 'of the previous input', 'with other settings'];
	expect(statusWords({ ...still, status: 'busy', old })).toBe(
		'Computing… What is dimmed is of the previous input; with other settings.'
	);
	expect(statusWords({ ...still, old: ['of another class'], prediction: '7, 80 %' })).toBe(
		'Ready: 7, 80 %. What is dimmed is of another class.'
	);
	// Notices say errors, and nobody can listen to a camera.
	expect(statusWords({ ...still, status: 'error', old })).toBe('');
	expect(statusWords({ ...still, status: 'busy', live: true, old })).toBe('');
});
