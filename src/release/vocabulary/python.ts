import { inDirectory, operand, type Row } from './row.ts'

/** Python: pip, Django, Alembic and their servers and workers. */
export const python: readonly Row[] = [
  {
    example: 'pip install -r requirements.txt',
    call: 'pip|pip3|pipenv|poetry|uv install|sync|update|pip',
    kind: 'install',
    tool: 'pip',
    detail: inDirectory(),
  },
  {
    example: 'python manage.py flush --noinput',
    call: 'manage.py flush|reset_db|sqlflush',
    kind: 'reset database',
    tool: 'django',
  },
  {
    example: 'python manage.py loaddata initial',
    call: 'manage.py loaddata',
    kind: 'reset database',
    tool: 'django',
    what: 'seed',
  },
  {
    example: 'python manage.py migrate --noinput',
    call: 'manage.py migrate|syncdb|migrate_schemas',
    kind: 'migrate',
    tool: 'django',
  },
  {
    example: 'python3 manage.py collectstatic --noinput',
    call: 'manage.py collectstatic|compress|compilemessages|compilescss|makemessages|rebuild_index|update_index',
    kind: 'build',
    tool: 'django',
    what: 'static',
  },
  {
    example: 'python manage.py clear_cache',
    call: 'manage.py clear_cache|clearcache|createcachetable|clearsessions',
    kind: 'clear cache',
    tool: 'django',
  },
  { example: 'python manage.py test', call: 'manage.py test|check', kind: 'test', tool: 'django' },
  {
    example: 'manage.py runserver',
    call: 'manage.py runserver|rqworker|qcluster|celery',
    kind: 'start',
    tool: 'django',
  },
  {
    example: 'alembic upgrade head',
    call: 'alembic|flask upgrade|db',
    kind: 'migrate',
    tool: 'alembic',
    when: (call) => operand(call, /^upgrade$/) !== undefined,
  },
  {
    example: 'alembic downgrade -1',
    call: 'alembic|flask downgrade|db',
    kind: 'roll back',
    tool: 'alembic',
    when: (call) => operand(call, /^downgrade$/) !== undefined,
  },
  {
    example: 'pytest',
    call: 'pytest|tox|nox|flake8|mypy|ruff|black|isort|pylint|coverage|bandit',
    kind: 'test',
    tool: 'pytest',
  },
  {
    example: 'celery multi restart w1',
    call: 'celery',
    kind: 'restart workers',
    tool: 'celery',
    when: (call) => operand(call, /^restart$/) !== undefined,
  },
  {
    example: 'celery -A app worker',
    call: 'celery|gunicorn|uvicorn|daphne|hypercorn|uwsgi|rq|dramatiq|huey',
    kind: 'start',
    tool: 'python',
  },
  {
    example: 'python -m venv venv',
    call: 'virtualenv|venv|python|pyenv',
    kind: 'build',
    tool: 'python',
    when: (call) => /venv/.test(call.text),
  },
]
