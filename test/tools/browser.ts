import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';

/** WebGPU + WebGL2 + WebGPU canvases on a CPU, through SwiftShader. Checked on Chromium 153 and 156; 143 and 147 crash when WebGL reads a WebGPU canvas. */
const chromiumArgs = [
	'--no-sandbox',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--enable-unsafe-swiftshader',
	'--enable-unsafe-webgpu',
	'--use-webgpu-adapter=swiftshader',
	'--use-angle=swiftshader',
	'--use-vulkan=swiftshader',
	'--enable-features=Vulkan',
	// Pages are put together without the GPU that there is not; what they draw with WebGL and WebGPU still is by SwiftShader.
	'--disable-gpu-compositing'
];

interface Browser {
	from: string;
	executablePath: string;
	env?: Record<string, string>;
}

const SYSTEM = [
	'/usr/bin/google-chrome-stable',
	'/usr/bin/google-chrome',
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
];

function starts(b: Browser): boolean {
	try {
		execFileSync(b.executablePath, ['--version'], {
			stdio: 'ignore',
			timeout: 30_000,
			env: { ...process.env, ...b.env }
		});
		return true;
	} catch {
		return false;
	}
}

/** Chromium (headless shell) out of the npm tarball of @sparticuz/chromium: Linux x64, no download after `npm ci`. */
async function fromNpm(): Promise<Browser | undefined> {
	if (process.platform !== 'linux' || process.arch !== 'x64') return;
	const dir = resolve('node_modules/.cache/chromium-npm');
	mkdirSync(dir, { recursive: true });
	const saved: Record<string, string | undefined> = {};
	for (const k of ['TMPDIR', 'AWS_EXECUTION_ENV', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME'])
		saved[k] = process.env[k];
	let executablePath: string;
	try {
		process.env.TMPDIR = dir; // where the package unpacks
		process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'; // makes it unpack its NSS/NSPR/expat libraries too
		const { default: pack } = await import('@sparticuz/chromium'); // edits process.env as it loads
		executablePath = await pack.executablePath();
	} catch {
		return;
	} finally {
		for (const [k, v] of Object.entries(saved)) {
			if (v === undefined) delete process.env[k];
			else process.env[k] = v;
		}
	}
	const conf = join(dir, 'fonts-local.conf');
	writeFileSync(
		conf,
		`<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir><dir>${join(dir, 'fonts')}</dir><cachedir>${join(dir, 'fc')}</cachedir></fontconfig>`
	);
	const env = { FONTCONFIG_FILE: conf };
	const libs = { ...env, LD_LIBRARY_PATH: join(dir, 'al2023', 'lib') };
	return [env, libs].map((env) => ({ from: '@sparticuz/chromium', executablePath, env })).find(starts);
}

async function findBrowser(): Promise<Browser> {
	const own: Browser[] = [];
	if (process.env.CHROME_PATH) own.push({ from: 'CHROME_PATH', executablePath: process.env.CHROME_PATH });
	for (const p of SYSTEM) own.push({ from: 'system', executablePath: p });
	own.push({ from: 'playwright', executablePath: chromium.executablePath() });
	for (const b of own) if (existsSync(b.executablePath) && starts(b)) return b;
	const packed = await fromNpm();
	if (packed) return packed;
	const installed = install();
	if (installed) return installed;
	throw new Error(
		'No Chromium was found or could be installed: set CHROME_PATH to one, or install Chrome or Chromium, and run the tests again.'
	);
}

/** The last resort: Playwright's own browser, else the system's package where root may install one. */
function install(): Browser | undefined {
	const ways: { command: string; args: string[]; browser: Browser }[] = [
		{
			command: 'npx',
			args: ['playwright', 'install', 'chromium'],
			browser: { from: 'playwright', executablePath: chromium.executablePath() }
		},
		{
			command: 'apt-get',
			args: ['install', '-y', 'chromium'],
			browser: { from: 'apt-get', executablePath: '/usr/bin/chromium' }
		}
	];
	for (const { command, args, browser } of ways) {
		try {
			console.error(`Installing a browser: ${command} ${args.join(' ')}`);
			execFileSync(command, args, { stdio: 'inherit', timeout: 600_000, shell: process.platform === 'win32' });
		} catch {
			continue;
		}
		if (existsSync(browser.executablePath) && starts(browser)) return browser;
	}
}

export async function chromiumLaunch() {
	const b = await findBrowser();
	if (process.env.DEBUG_BROWSER) console.error('browser:', b.from, b.executablePath);
	return {
		executablePath: b.executablePath,
		args: chromiumArgs,
		env: { ...process.env, ...b.env } as Record<string, string>
	};
}
