# One image for every part; `manage.py serve <part>` says which one a container is.
FROM node:24-slim AS node
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=peer --loglevel=error

FROM python:3.13-slim AS build
WORKDIR /hub
RUN python -m venv /hub/.venv
COPY requirements.lock ./
RUN /hub/.venv/bin/pip install --disable-pip-version-check --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=node /assets/node_modules ./node_modules
# The settings of one machine, only to collect the files; nothing of this step's DATA_DIR stays.
RUN .venv/bin/python scripts/build_assets.py \
 && DEMO=0 DATA_DIR=/tmp/collect .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf node_modules build/static /tmp/collect

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin hub \
 && install -d -o hub /data /heads \
 && install -d -o hub -m 700 /ledger
COPY --from=build /hub /hub
WORKDIR /hub
USER hub
ENV PATH=/hub/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=safeguarding.settings.production \
    DATA_DIR=/data \
    BIND=0.0.0.0:8000
EXPOSE 8000
CMD ["python", "manage.py", "serve", "web"]
