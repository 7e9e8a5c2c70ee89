"""Prints the application's OpenAPI description; starts no server and opens no database."""

import json
import sys

from orouter.api.management import application
from orouter.settings.schema import Settings

json.dump(application(Settings()).openapi(), sys.stdout, ensure_ascii=False, sort_keys=True)
