"""Values that the chart is rendered with, from none to all."""

from pathlib import Path

from tests.charts.helm import GPU_VALUES, SMALL_VALUES, Values

R2: Values = {
    "storage": {
        "endpoint": "0123abc.r2.cloudflarestorage.com", "bucket": "clips", "region": "auto",
        "existingSecret": "r2", "prefix": "clips/team",
    },
}  # fmt: skip
IN_CLUSTER: Values = {
    "storage": {"endpoint": "s3.storage:8333", "insecure": True, "region": "us-east-1"},
    "cache": {"uri": "s3://clipmill/cache"},
    "allowPrivateHosts": True,
}
EVERYTHING: Values = {
    "global": {"anything": 1},
    "images": {"registry": "registry.example/team", "tag": "1.2.3", "pullSecrets": ["pull"]},
    "steps": {
        "detect": {"image": "x/y@sha256:0", "cpu": 3, "memoryMiB": 8192, "gpus": 2,
                   "scratchGiB": 20, "timeoutSeconds": 600, "retries": 0,
                   "env": [{"name": "A", "value": "b"}]},
        "render": {"pool": "gpu", "gpus": 1},
        "highlight": {"pool": "cpu"},
    },
    "pools": {"gpu": {"enabled": True}, "cpu": {"nodeSelector": {"clipmill.dev/pool": "cpu"}}},
    "job": {"podDisruptionBudget": True, "archiveLogs": False},
    "webhook": {"existingSecret": "hook"},
    "submitter": {"longLivedToken": True},
    "viewer": {"annotations": {"workflows.argoproj.io/rbac-rule": "'media' in groups"}},
    "priorityClass": {"create": True, "value": 5},
    "networkPolicy": {
        "storePorts": [9000], "extraEgress": [{"ports": [{"port": 9000, "protocol": "TCP"}]}],
    },
    "metrics": {"pricePerGpuHour": 2.5, "pricePerCpuHour": "0.04"},
    "vllm": {"enabled": True, "model": "/models/m", "modelClaim": "weights", "args": ["--x"],
             "env": [{"name": "HF_TOKEN", "value": "x"}]},
    "prePull": {"enabled": True, "extraImages": ["a/b:1"]},
}  # fmt: skip
MATRIX: dict[str, tuple[Values | Path, ...]] = {
    "default": (),
    "r2": (R2,),
    "in-cluster": (IN_CLUSTER,),
    "gpu": (GPU_VALUES,),
    "small": (SMALL_VALUES,),
    "gpu-in-cluster": (GPU_VALUES, IN_CLUSTER),
    "everything": (EVERYTHING,),
    "own-identity": (
        {
            "storage": {
                "existingSecret": "",
                "accountAnnotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/x"},
            }
        },
    ),
    "step-without-values": (
        {"stepDefaults": None, "steps": {"cut": None}, "prePull": {"enabled": True}},
    ),
    "no-policy": ({"networkPolicy": {"enabled": False}},),
}
