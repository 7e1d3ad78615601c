/** Whether all that the lab consists of is kept in this browser: the service worker says so. */
export class Offline {
	ready = $state(false);

	/** @returns what ends the watch */
	watch(): () => void {
		const { serviceWorker } = navigator;
		// Absent in an insecure context, and where the user has switched it off.
		if (!serviceWorker) return () => {};
		const heard = ({ data }: MessageEvent) => {
			if ((data as { type?: unknown } | null)?.type === 'offline-ready') this.ready = true;
		};
		serviceWorker.addEventListener('message', heard);
		serviceWorker.startMessages();
		void serviceWorker.ready.then(({ active }) => active?.postMessage({ type: 'offline?' }));
		return () => serviceWorker.removeEventListener('message', heard);
	}
}
