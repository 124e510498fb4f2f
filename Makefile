# A few lines over dev.py, which works without make too: python3 dev.py run. A port: make run PORT=8001; pytest: make test ARGS="-k door"
PYTHON ?= python3
.PHONY: run test acceptance bench stop lint messages
run test acceptance bench stop lint messages:
	@$(PYTHON) dev.py $@ $(ARGS)
