import { TestEnvironment } from 'jest-environment-node';

/** Runs the tests of a file with the sandbox's manners `laravel`. */
export default class LaravelEnvironment extends TestEnvironment {
	override async setup(): Promise<void> {
		await super.setup();
		this.global.process.env.PARTNERO_SANDBOX_MANNERS = 'laravel';
	}
}
