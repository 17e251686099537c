import numpy as np
import numpy.typing as npt
import pytest

from apps.insights.engine.whitening import Correlation, Whitener, fit_correlation


def covariance(hours: npt.NDArray[np.float64], correlation: Correlation) -> npt.NDArray[np.float64]:
    lags = np.abs(hours[:, None] - hours)
    mood = correlation.share * np.exp(-lags / correlation.hours)
    return mood + (1 - correlation.share) * np.eye(len(hours))


@pytest.mark.parametrize("length", [1, 31, 32, 33, 75])
def test_whitened_ratings_are_uncorrelated_with_equal_variance(length: int) -> None:
    hours = np.sort(np.random.default_rng(1).uniform(0, 500, length))
    correlation = Correlation(0.6, 30.0)
    white = Whitener.of(hours, correlation)(np.eye(length))
    assert np.allclose(white @ covariance(hours, correlation) @ white.T, np.eye(length))


def test_the_scale_is_the_determinant_of_the_covariance() -> None:
    hours = np.linspace(0, 280, 40)
    correlation = Correlation(0.45, 90.0)
    expected = np.linalg.slogdet(covariance(hours, correlation)).logabsdet / 2
    assert Whitener.of(hours, correlation).log_scale == pytest.approx(expected)


def test_a_lasting_mood_is_recognised_and_independent_ratings_too() -> None:
    random = np.random.default_rng(3)
    hours = np.linspace(0, 3200, 400)
    root = np.linalg.cholesky(covariance(hours, Correlation(0.7, 90.0)))
    basis = np.full((400, 1), 1 / 20)
    noise = random.normal(size=400)
    lasting = fit_correlation(hours, root @ noise, basis, 1e-9)
    assert lasting.share >= 0.45
    assert lasting.hours >= 30
    assert fit_correlation(hours, noise, basis, 1e-9).share <= 0.2
