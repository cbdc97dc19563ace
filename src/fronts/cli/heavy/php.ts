export { default } from 'php-parser'
