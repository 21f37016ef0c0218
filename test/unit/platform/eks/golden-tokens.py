"""Writes golden-tokens.json: bearer tokens for EKS as botocore makes them from frozen inputs, the way that `aws eks get-token` does.

    pip install botocore==1.43.11 && python3 test/unit/platform/eks/golden-tokens.py > test/unit/platform/eks/golden-tokens.json
"""

import base64
import datetime
import json

import botocore
import botocore.auth
import botocore.session
from botocore.credentials import Credentials
from botocore.model import ServiceId
from botocore.signers import RequestSigner

EXAMPLE = {"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
ROLE = {**EXAMPLE, "sessionToken": "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQD+/=="}
REGIONS = [
    "us-east-1", "us-east-2", "us-west-2", "eu-central-1", "eu-central-2", "ap-southeast-7", "ca-west-1", "mx-central-1",
    "us-gov-west-1", "us-gov-east-1", "cn-north-1", "cn-northwest-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1",
]
CASES = [
    *[{"cluster": "prod", "region": region, "credentials": EXAMPLE, "now": "2030-01-01T00:00:00Z"} for region in REGIONS],
    {"cluster": "prod", "region": "eu-central-1", "credentials": ROLE, "now": "2030-01-01T00:00:00Z"},
    {"cluster": "prod", "region": "cn-north-1", "credentials": ROLE, "now": "2026-02-28T23:59:59Z"},
    {"cluster": "Prod_eu-1", "region": "eu-west-1", "credentials": EXAMPLE, "now": "2026-11-21T08:09:07Z"},
    {"cluster": "a" * 100, "region": "eu-west-1", "credentials": ROLE, "now": "2026-11-21T08:09:07Z"},
    {"cluster": "odd  name!'()*~&=/+%20", "region": "eu-west-1", "credentials": ROLE, "now": "2026-11-21T08:09:07Z"},
    {"cluster": "prod", "region": "eu-west-1", "credentials": {**ROLE, "sessionToken": "odd !'()*~&=+/%20"}, "now": "2026-11-21T08:09:07Z"},
    {"cluster": "prod", "region": "eu-west-1", "credentials": {**EXAMPLE, "accessKeyId": "ODD/KEY+=!'()*"}, "now": "2026-12-31T00:00:01Z"},
]


def token(case):
    given = case["credentials"]
    moment = datetime.datetime.fromisoformat(case["now"].replace("Z", "+00:00"))
    botocore.auth.get_current_datetime = lambda *args, **kwargs: moment.replace(tzinfo=None)
    session = botocore.session.Session()
    sts = session.create_client("sts", region_name=case["region"], aws_access_key_id="unused", aws_secret_access_key="unused")
    credentials = Credentials(given["accessKeyId"], given["secretAccessKey"], given.get("sessionToken"))
    signer = RequestSigner(ServiceId("sts"), case["region"], "sts", "v4", credentials, session.get_component("event_emitter"))
    request = {
        "method": "GET",
        "url": f"{sts.meta.endpoint_url}/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": case["cluster"]},
        "context": {},
    }
    url = signer.generate_presigned_url(request, region_name=case["region"], expires_in=60, operation_name="")
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


print(json.dumps({"botocore": botocore.__version__, "cases": [{**case, "token": token(case)} for case in CASES]}, indent=2))
