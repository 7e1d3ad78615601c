import { spawnSync } from 'node:child_process';

/** `npm run train -- NAME --data DIR`: the recipe of one sample model, in Python with PyTorch. */
const python = process.env['PYTHON'] ?? 'python3';
const { status, error } = spawnSync(python, ['models/recipe/train.py', ...process.argv.slice(2)], { stdio: 'inherit' });
if (error)
	console.error(`${python} could not be started: install Python with PyTorch (Debian: python3-torch), or set PYTHON.`);
process.exit(status ?? 1);
