"""The PyTorch side of `bench train|infer --peer pytorch`: one JSON job a line on stdin, one JSON answer on stdout.

{"net", "batch", "size", "train", "compile", "device", "amp"} builds torchvision's network with 3 sigmoid outputs,
channels-last (the faster layout), on `cpu` or `cuda` (TF32, as TensorFlow; with amp in bfloat16), and warms it up;
With "images", a folder, a step takes its batch from a DataLoader over its pictures, as torchvision's references train.
{"runs": n} answers {"ms": [n times of one step or prediction]};
{"memory": true} answers {"maxRssMB"}.
"""
import glob
import json
import os
import resource
import sys
import time

import torch
import torchvision

names = {"resnet18": "resnet18", "mobilenetv2": "mobilenet_v2"}


class Pictures(torch.utils.data.Dataset):
    def __init__(self, job):
        from torchvision import transforms
        self.files = sorted(glob.glob(os.path.join(job["images"], "*")))
        self.change = transforms.Compose([
            transforms.RandomResizedCrop(job["size"], scale=(0.5, 1)),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ])

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        from PIL import Image
        with Image.open(self.files[i]) as image:
            return self.change(image.convert("RGB")), torch.tensor([i / len(self.files)])


def picture_step(job):
    torch.manual_seed(1)
    device = job["device"]
    model = getattr(torchvision.models, names[job["net"]])(num_classes=1).to(device, memory_format=torch.channels_last)
    model.train()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = torch.utils.data.DataLoader(
        Pictures(job), batch_size=job["batch"], shuffle=True, drop_last=True, num_workers=os.cpu_count(),
        persistent_workers=True, pin_memory=device == "cuda")

    def endless():
        while True:
            yield from loader
    batches = endless()

    def step():
        x, y = next(batches)
        x, y = x.to(device, memory_format=torch.channels_last), y.to(device)
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimiser.step()
        return loss.item()
    return step


def build(job):
    if "images" in job:
        return picture_step(job)
    torch.manual_seed(1)
    device = job["device"]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    model = getattr(torchvision.models, names[job["net"]])(num_classes=3).to(device, memory_format=torch.channels_last)
    shape = (job["batch"], 3, job["size"], job["size"])
    x = torch.rand(shape).to(device, memory_format=torch.channels_last)
    y = torch.rand(job["batch"], 3).to(device)
    half = lambda: torch.autocast(device, dtype=torch.bfloat16, enabled=job["amp"])
    model.train(job["train"])
    forward = torch.compile(model) if job["compile"] else model
    if not job["train"]:
        def predict():
            with torch.inference_mode(), half():
                return torch.sigmoid(forward(x))[0, 0].item()
        return predict
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimiser.zero_grad()
        with half():
            logits = forward(x)
        loss = torch.nn.functional.mse_loss(torch.sigmoid(logits.float()), y)
        loss.backward()
        optimiser.step()
        return loss.item()
    return step


def milliseconds(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def answer(job):
    global work
    if "net" in job:
        work = build(job)
        for _ in range(3):
            work()
        return {"version": torch.__version__, "threads": torch.get_num_threads()}
    if "runs" in job:
        return {"ms": [milliseconds(work) for _ in range(job["runs"])]}
    return {"maxRssMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
