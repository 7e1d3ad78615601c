import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';
import { zoomBy, type Position, type Steer } from '#maths/camera.ts';
import { DRAGGED, keyMeans, Pointers, wheelFactor } from '#maths/gestures.ts';

/** What a press draws instead of moving the picture: a lasso, a stroke of a brush. */
export interface Stroke {
	to(at: Position, event: PointerEvent): void;
	/** @param event null where it came to nothing: a click, a second finger, a press taken away */
	end(event: PointerEvent | null): void;
}

/** What a picture does with hands. Positions are CSS pixels from its top left. */
export interface Hands {
	/** Whether all of it is shown as it was at first. */
	whole(): boolean;
	/** @param press what a drag of one finger began with; null for two fingers, wheel and keys */
	onsteer(steer: Steer, press: PointerEvent | null): void;
	/** Shows all. */
	onall(): void;
	/** @param pressed whether it moves the picture, or draws */
	onpoint?(at: Position, event: PointerEvent, pressed: boolean): void;
	onleave?(): void;
	onclick?(at: Position, event: PointerEvent): void;
	/** @returns whether a double click was its own */
	ondouble?(at: Position): boolean;
	/** @returns null for a press that moves the picture */
	stroke?(at: Position, event: PointerEvent): Stroke | null;
	/** Whether one finger is for the picture even while all of it is shown: to draw, or to turn it. */
	takes?(): boolean;
	/** Its own keys; those that all pictures share come after. @returns whether it was one */
	onkey?(event: KeyboardEvent): boolean;
	/** Where keys zoom; absent, in the middle. */
	aim?(): Position | null;
}

/** Whether anything around it can be scrolled up or down. */
function scrolls(node: Element): boolean {
	for (let around = node.parentElement; around; around = around.parentElement) {
		if (around.scrollHeight <= around.clientHeight + 1) continue;
		const root = around === document.scrollingElement;
		const { overflowY } = getComputedStyle(around);
		if (root ? overflowY !== 'hidden' : overflowY === 'auto' || overflowY === 'scroll') return true;
	}
	return false;
}

/**
 * Moves and zooms a picture by wheel, fingers, mouse and keys: one rule for all pictures. A plain wheel and one finger scroll
 * what is around a picture until it is chosen (has the focus) or zoomed; with ctrl (as a pinch on a pad reports), shift or where
 * nothing scrolls a wheel always zooms, and two fingers always do. Double click: four times as near, and back. `+`, `-`, 0
 * and Home, arrows (with shift where the picture has a cursor of its own). Nothing glides on by itself, for anyone.
 */
export function gestures(hands: Hands): Attachment<HTMLElement> {
	return (node) => {
		let focused = $state(document.activeElement === node);
		const pointers = new Pointers();
		let press: PointerEvent | null = null;
		let stroke: Stroke | null = null;
		let travelled = 0;

		const positionOf = (client: { clientX: number; clientY: number }): Position => {
			const box = node.getBoundingClientRect();
			return [client.clientX - box.left, client.clientY - box.top];
		};
		const end = (event: PointerEvent | null) => {
			stroke?.end(event);
			stroke = null;
		};

		function down(event: PointerEvent): void {
			node.setPointerCapture(event.pointerId);
			pointers.down(event);
			const at = positionOf(event);
			hands.onpoint?.(at, event, false);
			if (pointers.count > 1) {
				press = null;
				return end(null);
			}
			press = event;
			travelled = 0;
			stroke = hands.stroke?.(at, event) ?? null;
		}
		function move(event: PointerEvent): void {
			const at = positionOf(event);
			const gesture = pointers.move(event);
			hands.onpoint?.(at, event, !!gesture);
			if (!gesture) return;
			const { dx, dy, factor, middle, fingers } = gesture;
			travelled += Math.abs(dx) + Math.abs(dy) + (fingers > 1 ? DRAGGED : 0);
			if (stroke) stroke.to(at, event);
			else if (travelled > DRAGGED)
				hands.onsteer(
					{ dx, dy, factor, at: positionOf({ clientX: middle.x, clientY: middle.y }) },
					fingers > 1 ? null : press
				);
		}
		function up(event: PointerEvent): void {
			if (!pointers.has(event)) return;
			pointers.up(event);
			const clicked = event.type === 'pointerup' && travelled <= DRAGGED;
			end(clicked || event.type !== 'pointerup' ? null : event);
			if (clicked && press) hands.onclick?.(positionOf(event), event);
			press = null;
		}
		function wheel(event: WheelEvent): void {
			const meant = event.ctrlKey || event.metaKey || event.shiftKey || focused || !hands.whole();
			if (!meant && scrolls(node)) return;
			event.preventDefault();
			hands.onsteer(zoomBy(wheelFactor(event), positionOf(event)), null);
		}
		function double(event: MouseEvent): void {
			const at = positionOf(event);
			if (hands.ondouble?.(at)) return;
			if (hands.whole()) hands.onsteer(zoomBy(4, at), null);
			else hands.onall();
		}
		function key(event: KeyboardEvent): void {
			if (event.target !== node) return;
			if (!hands.onkey?.(event)) {
				if (event.ctrlKey || event.metaKey || event.altKey) return;
				const means = keyMeans(event.key, hands.aim?.() ?? [node.clientWidth / 2, node.clientHeight / 2]);
				if (!means) return;
				if (means === 'all') hands.onall();
				else hands.onsteer(means, null);
			}
			event.preventDefault();
		}
		// Two fingers are for the picture, or the browser would zoom the page.
		const touch = (event: TouchEvent) => event.touches.length > 1 && event.cancelable && event.preventDefault();

		$effect(() => {
			node.style.touchAction = focused || !hands.whole() || hands.takes?.() ? 'none' : 'pan-x pan-y';
		});
		const all = [
			on(node, 'pointerdown', down),
			on(node, 'pointermove', move),
			on(node, 'pointerup', up),
			on(node, 'pointercancel', up),
			on(node, 'pointerleave', () => hands.onleave?.()),
			on(node, 'wheel', wheel, { passive: false }),
			on(node, 'dblclick', double),
			on(node, 'keydown', key),
			on(node, 'focus', () => (focused = true)),
			on(node, 'blur', () => (focused = false)),
			on(node, 'touchstart', touch, { passive: false }),
			on(node, 'touchmove', touch, { passive: false })
		];
		return () => {
			for (const off of all) off();
		};
	};
}
