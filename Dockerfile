# The same commands as the Makefile, in two stages; tests/test_packaging.py holds them together.
FROM node:22-slim AS assets
WORKDIR /srv/dudao
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-progress
COPY build.mjs ./
COPY app/web/assets app/web/assets
COPY app/web/templates app/web/templates
RUN node build.mjs

FROM python:3.11-slim
WORKDIR /srv/dudao
ENV UV_COMPILE_BYTECODE=1
RUN python3 -m venv .venv \
    && .venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
COPY requirements.lock ./
RUN .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
COPY . .
COPY --from=assets /srv/dudao/app/static/dist app/static/dist
RUN .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable . \
    && useradd --system --no-create-home dudao \
    && mkdir -p /data /var/cache/numba \
    && chown dudao /data /var/cache/numba

# the code belongs to root, so compiled loops are cached elsewhere; the data are a volume
USER dudao
ENV HOST=0.0.0.0 \
    PORT=8000 \
    DUDAO_ENVIRONMENT=production \
    DATABASE_URL=sqlite:////data/dudao.sqlite \
    NUMBA_CACHE_DIR=/var/cache/numba
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m \
    CMD [".venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD [".venv/bin/dudao", "up"]
