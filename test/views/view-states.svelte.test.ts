import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, it } from 'vitest';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { ViewStates } from '#state/lab/view-states.svelte.ts';
import ViewStateHost from './ViewStateHost.svelte';

it('a room follows what it depends on as long as the page, and heeds whether its view is there', async () => {
	const depends = $state({ on: 0 });
	const visible: [on: number, visible: boolean][] = [];
	class Following implements ViewState {
		visible = $state(false);
		busy = false;
		readonly on = $derived(depends.on);
		watch(): void {
			$effect(() => void visible.push([this.on, this.visible]));
		}
		reset(): void {}
		restore(): Promise<void> {
			return Promise.resolve();
		}
	}
	const viewStates = new ViewStates({} as ViewContext);
	const settled = async () => {
		await tick();
		flushSync();
		return visible.splice(0);
	};
	const show = () => mount(ViewStateHost, { target: document.body, props: { viewStates, kind: Following } });

	const first = show();
	expect(await settled()).toEqual([[0, true]]);
	depends.on = 1;
	expect(await settled()).toEqual([[1, true]]);
	await unmount(first);
	expect(await settled()).toEqual([[1, false]]);
	// The component that asked for the room first is gone.
	depends.on = 2;
	expect(await settled()).toEqual([[2, false]]);
	const second = show();
	expect(await settled()).toEqual([[2, true]]);
	depends.on = 3;
	expect(await settled()).toEqual([[3, true]]);
	viewStates.end();
	depends.on = 4;
	expect(await settled()).toEqual([]);
	await unmount(second);
});
