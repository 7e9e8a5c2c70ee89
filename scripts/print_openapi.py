"""Prints the application's OpenAPI description; starts no server and opens no database."""

import json
import sys

from orouter.app import create_app
from orouter.settings.schema import Settings

json.dump(create_app(Settings()).openapi(), sys.stdout, ensure_ascii=False, sort_keys=True)
