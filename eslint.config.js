import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', 'fixtures/', 'node_modules/', 'coverage/'] },
  { files: ['**/*.ts'], extends: [tseslint.configs.strict], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
)
