/** The id among options that a text names; the first for any other text. */
export const chosen = <T extends string>(options: readonly (readonly [T, string])[], text: string): T =>
	(options.find(([id]) => id === text) ?? (options[0] as readonly [T, string]))[0];
