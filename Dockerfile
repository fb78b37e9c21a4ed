# The assistant on plain processes: docker build -t jira-assistant . (or: docker compose up)
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/venv
COPY pyproject.toml constraints.txt README.md ./
COPY graph graph
COPY nodes nodes
COPY prompts prompts
COPY services services
COPY web web
RUN /opt/venv/bin/pip install --no-cache-dir --constraint constraints.txt '.[web]'

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home assistant && install --directory --owner assistant /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 JIRA_ASSISTANT_DATA_DIR=/data
USER 10001
WORKDIR /home/assistant
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["jira-assistant"]
CMD ["serve", "--host", "0.0.0.0"]
