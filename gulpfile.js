const gulp = require('gulp');

/** Everything a built package needs that is not TypeScript: icons, and schemas of what operations put out. */
function buildAssets() {
	return gulp
		.src(
			// One pattern per folder: without a fixed start gulp walks everything, n8n itself included.
			[
				'nodes/**/*.{png,svg}',
				'credentials/**/*.{png,svg}',
				'icons/**/*.{png,svg}',
				'nodes/**/__schema__/**/*.json',
			],
			// Without `encoding: false` gulp 5 reads a PNG as text and ruins it.
			{ base: '.', encoding: false },
		)
		.pipe(gulp.dest('dist'));
}

exports['build:assets'] = buildAssets;
