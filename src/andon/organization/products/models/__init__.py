"""The tables of products: what is made, what is required of it, what it costs, its lots."""

from andon.organization.products.models.characteristic import Characteristic
from andon.organization.products.models.cost import Rate, StandardCost
from andon.organization.products.models.lot import Lot, LotUse
from andon.organization.products.models.product import Product

__all__ = ["Characteristic", "Lot", "LotUse", "Product", "Rate", "StandardCost"]
