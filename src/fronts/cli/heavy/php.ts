export { phpEngine as default } from '../../../parse/php-engine.ts'
