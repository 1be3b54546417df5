"""Addresses of products, characteristics and lots."""

from django.urls import path

from andon.organization.products import views

urlpatterns = [
    path("products/", views.product_list, name="products"),
    path("products/<path:code>/", views.product_page, name="product"),
    path("characteristics/", views.characteristic_list, name="characteristics"),
    path("lots/", views.lot_list, name="lots"),
    path("lots/<path:code>/", views.lot_page, name="lot"),
]
