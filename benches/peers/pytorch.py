"""Steps a second of the same games in eager PyTorch on the CPU, as JSON lines: python pytorch.py SECONDS CASES.json

The networks are those that the fixtures are made with (tests/fixtures/reference_networks.py); the data are normal deviates, made before the clock starts.
"""
import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/fixtures"))
import reference_networks as networks

networks.leaky_relu = lambda t: F.leaky_relu(t, networks.SLOPE)  # without the fixtures' bookkeeping


def losses(objective, real, fake):
    """D's and G's loss from logits; G's is read with the sides the same way round."""
    if objective == "non_saturating":
        return F.softplus(-real).mean() + F.softplus(fake).mean(), F.softplus(-fake).mean()
    return F.softplus(fake - real).mean(), F.softplus(real - fake).mean()  # rpgan


def penalty(critic, x, gamma):
    x = x.detach().requires_grad_()
    logits = critic(x)
    (slope,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
    return logits, gamma / 2 * slope.square().flatten(1).sum(1).mean()


def game(case):
    """A function that makes one step: D, then G."""
    if case["image"]:
        generator = networks.R3ganGenerator(case["image"], *case["generator"], case["latent_dim"])
        critic = networks.R3ganCritic(case["image"], *case["critic"])
        networks_own_start(generator, critic)
    else:
        generator = networks.Mlp(case["latent_dim"], *case["generator"], 2)
        critic = networks.Mlp(2, *case["critic"], 1)
    batch, gamma = case["batch"], case["gamma"]
    reals = torch.randn(64, batch, *(case["image"] or [2]))
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.99))
    d_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.5, 0.99))
    turn = 0

    def step():
        nonlocal turn
        turn += 1
        real = reals[turn % len(reals)]
        with torch.no_grad():
            fake = generator(torch.randn(batch, case["latent_dim"]))
        if gamma:
            (on_real, r1), (on_fake, r2) = penalty(critic, real, gamma), penalty(critic, fake, gamma)
            loss = losses(case["objective"], on_real, on_fake)[0] + r1 + r2
        else:
            loss = losses(case["objective"], critic(real), critic(fake))[0]
        d_optimizer.zero_grad()
        loss.backward()
        d_optimizer.step()
        on_real = critic(real).detach() if case["objective"] == "rpgan" else torch.zeros(())
        critic.requires_grad_(False)
        loss = losses(case["objective"], on_real, critic(generator(torch.randn(batch, case["latent_dim"]))))[1]
        g_optimizer.zero_grad()
        loss.backward()
        g_optimizer.step()
        critic.requires_grad_(True)

    return step


def networks_own_start(*players):
    """The fixtures' networks start at zero; speed is measured on numbers of an ordinary size."""
    for player in players:
        for parameter in player.parameters():
            if parameter.dim() > 1:
                torch.nn.init.normal_(parameter, std=0.1)


def rate(step, seconds):
    for _ in range(3):
        step()
    steps, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        step()
        steps += 1
    return steps / (time.perf_counter() - begin)


if __name__ == "__main__":
    seconds, cases = float(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}))
    for case in cases:
        print(json.dumps({"case": case["name"], "steps_per_second": rate(game(case), seconds)}), flush=True)
