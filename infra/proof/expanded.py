"""infra/template.yaml as CloudFormation gets it: expanded by AWS's own translator, offline."""

import functools
import logging
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra" / "template.yaml"
REGION = "eu-west-2"
ACCOUNT = "111122223333"

# What a person would have to say; the rest has defaults.
SAID = {
    "CspNames": "sample-csp=Sample Community Safety Partnership",
    "LinkBase": "https://dhr.example",
    "SenderDomain": "dhr.example",
    "SenderAddress": "dhr@dhr.example",
}


class Expanded:
    """The expanded template of one stack."""

    def __init__(self, stack, **said):
        os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
        # The translator warns of its own telemetry.
        logging.disable(logging.WARNING)
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
        from samtranslator.yaml_helper import yaml_parse

        source = yaml_parse(TEMPLATE.read_text())
        defaults = {
            name: str(parameter["Default"])
            for name, parameter in source["Parameters"].items()
            if "Default" in parameter
        }
        self.parameters = {
            **defaults,
            **SAID,
            **said,
            "AWS::StackName": stack,
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }
        self.code = {}
        for name, resource in source["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                # The translator takes nothing but what was uploaded.
                self.code[name] = resource["Properties"].pop("CodeUri")
                resource["Properties"]["CodeUri"] = "s3://bucket/key"
        whole = Translator({}, Parser()).translate(source, dict(self.parameters))
        self.conditions = whole.get("Conditions", {})
        self.outputs = whole["Outputs"]
        self.resources = {
            name: resource
            for name, resource in whole["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }

    def of(self, kind):
        """The resources of a type, by logical id: their properties, with functions worked out."""
        return {
            name: self.value(resource.get("Properties", {}))
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    @functools.cache
    def holds(self, condition):
        return self.truth(self.conditions[condition])

    def truth(self, condition):
        (kind, given), *_ = condition.items()
        match kind:
            case "Condition":
                return self.holds(given)
            case "Fn::Equals":
                return self.value(given[0]) == self.value(given[1])
            case "Fn::Not":
                return not self.truth(given[0])
            case "Fn::And":
                return all(map(self.truth, given))
            case "Fn::Or":
                return any(map(self.truth, given))
        raise SystemExit(f"a condition that is not understood: {condition}")

    def value(self, given):
        """Works out functions. What only a deployment can know stays as ${Resource.Attribute}."""
        if isinstance(given, list):
            parts = (self.value(part) for part in given)
            return [part for part in parts if part is not NOTHING]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            (kind, inner), *_ = given.items()
            match kind:
                case "Ref" if inner == "AWS::NoValue":
                    return NOTHING
                case "Ref":
                    return self.parameters.get(inner, f"${{{inner}}}")
                case "Fn::GetAtt":
                    return "${" + (inner if isinstance(inner, str) else ".".join(inner)) + "}"
                case "Fn::If":
                    return self.value(inner[1 if self.holds(inner[0]) else 2])
                case "Fn::Join":
                    return inner[0].join(map(str, self.value(inner[1])))
                case "Fn::Sub":
                    return self.substituted(inner)
        worked = {name: self.value(part) for name, part in given.items()}
        return {name: part for name, part in worked.items() if part is not NOTHING}

    def substituted(self, given):
        text, own = (given, {}) if isinstance(given, str) else given
        own = {name: str(self.value(part)) for name, part in own.items()}
        known = {**self.parameters, **own}
        return re.sub(r"\$\{([^}!]+)\}", lambda found: known.get(found[1], found[0]), text)


NOTHING = object()


def fail(problems):
    """Ends the program, with every problem told, if there is one."""
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
