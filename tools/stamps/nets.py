"""The three networks: a dense detector of sides at 75 dpi, a classifier and a line reader of crops at 125 dpi."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from scanflow.stamps.candidates import MARKS, VOTERS, VOTES


def conv(cin: int, cout: int, stride: int | tuple[int, int] = 1, dilation: int = 1, kernel: int = 3) -> nn.Sequential:
    """Convolution, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(cin, cout, kernel, stride, dilation * (kernel // 2), dilation, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions around which the input is added."""

    def __init__(self, width: int, dilation: int = 1) -> None:
        """Keep ``width`` channels."""
        super().__init__()
        self.first = conv(width, width, dilation=dilation)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return torch.relu(x + self.second(self.first(x)))


class Detector(nn.Module):
    """Side at 75 dpi → for every 4 x 4 pixels which marks cover it, and each one's middle, size and angle."""

    def __init__(self) -> None:
        """About 0.8 M parameters."""
        super().__init__()
        self.stem = conv(3, 12, 2)
        self.quarter = nn.Sequential(conv(12, 28, 2), Residual(28))
        self.eighth = nn.Sequential(conv(28, 48, 2), Residual(48), Residual(48), Residual(48))
        self.sixteenth = nn.Sequential(conv(48, 80, 2), Residual(80), Residual(80, 2), Residual(80), Residual(80, 4))
        self.up16 = conv(80, 48, kernel=1)
        self.mix8 = conv(48, 32)
        self.side4 = conv(28, 32, kernel=1)
        self.mix4 = conv(32, 40)
        self.fine = Residual(40)
        self.marks = nn.Conv2d(40, len(MARKS), 1)
        self.boxes = nn.Conv2d(40, len(VOTERS) * len(VOTES), 1)
        self.turns = nn.Conv2d(80, 5, 1)
        nn.init.constant_(self.marks.bias, -3.0)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """``(n, 3, h, w)`` in -0.5..0.5, h and w multiples of 32 → mark logits, boxes, turn logits.

        A cell may be covered by several marks: each of ``MARKS`` has a logit of its own, and each of ``VOTERS``
        its own votes, so that a seal across a stamp does not pull the stamp's frame out of place.
        """
        quarter = self.quarter(self.stem(x))
        eighth = self.eighth(quarter)
        deep = self.sixteenth(eighth)
        up = nn.functional.interpolate(self.up16(deep), scale_factor=2.0, mode="nearest")
        up = self.mix8(eighth + up)
        up = nn.functional.interpolate(up, scale_factor=2.0, mode="nearest")
        out = self.fine(self.mix4(self.side4(quarter) + up))
        votes = self.turns(deep).flatten(2)
        weight = torch.softmax(votes[:, 4:], -1)
        return self.marks(out), self.boxes(out), (votes[:, :4] * weight).sum(-1)


class Classifier(nn.Module):
    """Crop of 256 x 80 at 125 dpi → kind logits, "the right way up", "the highest level is here, covered or not"."""

    def __init__(self, kinds: int) -> None:
        """About 1.0 M parameters."""
        super().__init__()
        self.body = nn.Sequential(
            conv(3, 20, 2),
            conv(20, 32, 2),
            Residual(32),
            conv(32, 64, 2),
            Residual(64),
            Residual(64),
            Residual(64),
            conv(64, 104, 2),
            Residual(104),
            Residual(104),
            Residual(104),
        )
        self.squeeze = conv(104, 64, kernel=1)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(64 * 5 * 4, 128), nn.ReLU(inplace=True), nn.Dropout(0.2))
        self.kinds = nn.Linear(128, kinds)
        self.upright = nn.Linear(128, 1)
        self.top_secret = nn.Linear(128, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """``(n, 3, 80, 256)`` -0.5..0.5 → ``(n, kinds)``, ``(n, 1)`` and ``(n, 1)`` logits.

        The kinds exclude each other; where two stamps lie in one place the name goes to one of them, and the last
        logit says all the same whether the other is TUYỆT MẬT or A.
        """
        deep = self.squeeze(self.body(x))  # (n, 64, 5, 16)
        deep = nn.functional.avg_pool2d(deep, (1, 4)).flatten(1)
        hidden = self.head(deep)
        return self.kinds(hidden), self.upright(hidden), self.top_secret(hidden)


class Committee(nn.Module):
    """Classifiers that were trained apart, as one: it answers the mean of their shares.

    Two that stop equally many sides for nothing let different marks through; together they let a third fewer
    through than either (``docs/stamps.md``).
    """

    def __init__(self, members: list[Classifier]) -> None:
        """Bind trained classifiers of the same kinds."""
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As a ``Classifier``."""
        kinds, upright, top_secret = zip(*(member(x) for member in self.members), strict=True)
        shares = torch.stack([torch.softmax(logits, 1) for logits in kinds]).mean(0)
        return torch.log(shares), torch.stack(upright).mean(0), torch.stack(top_secret).mean(0)


class Along(nn.Module):
    """Two convolutions along the line around which the input is added."""

    def __init__(self, width: int, dilation: int) -> None:
        """Keep ``width`` channels."""
        super().__init__()
        reach = 2 * dilation
        self.body = nn.Sequential(
            nn.Conv2d(width, width, (1, 5), 1, (0, reach), (1, dilation), bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        return torch.relu(x + self.body(x))


class LineReader(nn.Module):
    """Crop of 256 x 80 at 125 dpi → for each of 64 steps along it which capital stands there, or none."""

    def __init__(self, letters: int) -> None:
        """About 0.6 M parameters."""
        super().__init__()
        self.body = nn.Sequential(
            conv(3, 20, 2),
            conv(20, 32, 2),
            Residual(32),
            conv(32, 56, (2, 1)),
            Residual(56),
            conv(56, 88, (2, 1)),
            Residual(88),
            nn.Conv2d(88, 128, (5, 1), bias=False),
            nn.BatchNorm2d(128),
            nn.ReLU(inplace=True),
            Along(128, 1),
            Along(128, 2),
            Along(128, 4),
            nn.Dropout(0.1),
        )
        self.letters = nn.Conv2d(128, letters + 1, 1)

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """``(n, 3, 80, 256)`` -0.5..0.5 → ``(n, 64, letters + 1)`` logits, class 0 is "no letter"."""
        return (self.letters(self.body(x)).squeeze(2).transpose(1, 2),)


class Served(nn.Module):
    """A network that takes what the product has: ``(n, h, w, 3)`` uint8 BGR."""

    def __init__(self, net: nn.Module) -> None:
        """Wrap a trained network for export."""
        super().__init__()
        self.net = net

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """The network's own outputs, logits."""
        outputs: tuple[Tensor, ...] = self.net(pixels.permute(0, 3, 1, 2).float() / 255 - 0.5)
        return outputs
